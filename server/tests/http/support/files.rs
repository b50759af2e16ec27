//! Files, and how browsers send them.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

use super::{Answer, Browser};

/// A photo of one colour.
pub fn photo(red: u8) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    RgbImage::from_pixel(900, 600, Rgb([red, 90, 40]))
        .write_to(&mut file, ImageFormat::Png)
        .unwrap();
    file.into_inner()
}

impl Browser {
    /// Sends a form with a file from a page (RFC 7578).
    pub async fn send_file(
        &self,
        page: &str,
        action: &str,
        id: &str,
        (name, file): (&str, &[u8]),
    ) -> Answer {
        let boundary = "----of-a-test";
        let head = format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"id\"\r\n\r\n{id}\r\n\
             --{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"a file.exe\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        );
        let tail = format!("\r\n--{boundary}--\r\n");
        let body = [head.as_bytes(), file, tail.as_bytes()].concat();
        let request = self
            .sending(page, action)
            .header(
                "content-type",
                format!("multipart/form-data; boundary={boundary}"),
            )
            .body(body);
        Answer::of(request).await
    }
}
