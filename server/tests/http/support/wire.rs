//! Requests as bytes on a connection, for tests that send many at once or leave in the middle.

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};
use url::{Url, form_urlencoded};

/// What a form sends.
pub struct Form<'a> {
    /// The session's cookie.
    pub session: &'a str,
    pub action: &'a str,
    pub fields: &'a [(&'a str, &'a str)],
    /// Whether a plain form sends it, or a script.
    pub is_plain: bool,
}

/// One connection, kept open from request to request.
pub struct Wire {
    stream: BufReader<TcpStream>,
    host: String,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Told {
    pub status: u16,
    pub location: String,
    pub text: String,
}

impl Wire {
    pub async fn open(url: &str) -> Self {
        let url: Url = url.parse().unwrap();
        let host = url.authority().to_owned();
        let stream = TcpStream::connect(&host).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream: BufReader::new(stream),
            host,
        }
    }

    /// Sends a form, without waiting for the answer to one before.
    pub async fn send(&mut self, form: &Form<'_>) {
        let (host, session, action) = (&self.host, form.session, form.action);
        let accept = if form.is_plain {
            "text/html"
        } else {
            "application/json"
        };
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form.fields)
            .finish();
        let length = body.len();
        let request = format!(
            "POST {action} HTTP/1.1\r\nHost: {host}\r\nCookie: surtidor={session}\r\nAccept: {accept}\r\n\
             Accept-Language: en\r\nReferer: http://{host}/offers\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        // Whoever is told to go away may be refused in the middle of it.
        let _ = self.stream.write_all(request.as_bytes()).await;
    }

    /// The next answer; none when the server hung up.
    pub async fn answer(&mut self) -> Option<Told> {
        let mut line = String::new();
        self.stream.read_line(&mut line).await.ok()?;
        let mut told = Told {
            status: line.split(' ').nth(1)?.parse().ok()?,
            location: String::new(),
            text: String::new(),
        };
        let mut length = 0;
        loop {
            line.clear();
            self.stream.read_line(&mut line).await.ok()?;
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            match name {
                "content-length" => length = value.parse().unwrap(),
                "location" => value.clone_into(&mut told.location),
                "transfer-encoding" => panic!("an answer of unknown length"),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await.ok()?;
        told.text = String::from_utf8(body).unwrap();
        Some(told)
    }
}

impl Told {
    /// The redemption that a redirect leads to.
    pub fn redemption(&self) -> Option<&str> {
        let id = self.location.strip_prefix("/redemptions/")?;
        (self.status == 302).then_some(id)
    }
}
