//! From a frame to the text of the QR code in it.

/// A picture in shades of grey.
pub(crate) struct Frame {
    width: usize,
    height: usize,
    luma: Vec<u8>,
}

impl Frame {
    /// Takes the brightness of red, green, blue and alpha bytes (ITU-R BT.601, in 256ths).
    pub(crate) fn from_rgba(width: usize, height: usize, rgba: &[u8]) -> Self {
        let luma = rgba
            .chunks_exact(4)
            .map(|pixel| {
                let [red, green, blue] = [pixel[0], pixel[1], pixel[2]].map(u16::from);
                // The weights add up to 256, so the high byte holds the sum.
                let [high, _] = (77 * red + 150 * green + 29 * blue).to_be_bytes();
                high
            })
            .collect();
        Self {
            width,
            height,
            luma,
        }
    }
}

/// The text of the first QR code that can be read.
pub(crate) fn text(frame: &Frame) -> Option<String> {
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(frame.width, frame.height, |x, y| {
            frame
                .luma
                .get(y * frame.width + x)
                .copied()
                .unwrap_or_default()
        });
    image
        .detect_grids()
        .into_iter()
        .find_map(|grid| grid.decode().ok().map(|(_, text)| text))
}

#[cfg(test)]
mod tests {
    use qrcode::QrCode;

    use super::*;

    /// A frame that shows `text` as a QR code of so many pixels a module, on a light background.
    fn frame_of(text: &str, scale: usize) -> Frame {
        let code = QrCode::new(text).unwrap();
        let modules = code.width();
        let margin = 6;
        let side = (modules + 2 * margin) * scale;
        let colors = code.to_colors();
        let mut rgba = vec![235; side * side * 4];
        for y in 0..modules * scale {
            for x in 0..modules * scale {
                if colors[(y / scale) * modules + x / scale] == qrcode::Color::Dark {
                    let at = ((y + margin * scale) * side + x + margin * scale) * 4;
                    rgba[at..at + 3].fill(20);
                }
            }
        }
        Frame::from_rgba(side, side, &rgba)
    }

    #[test]
    fn a_code_on_the_screen_is_read() {
        let link = "https://rewards.example/r/LUMS-0123-4567-89AB?t=AAAAAAAAAAAAAAAAAAAAAA";
        for scale in [3, 5, 8] {
            assert_eq!(
                text(&frame_of(link, scale)).as_deref(),
                Some(link),
                "{scale} pixels a module"
            );
        }
    }

    #[test]
    fn a_frame_without_a_code_gives_nothing() {
        let blank = Frame::from_rgba(64, 48, &[128; 64 * 48 * 4]);
        assert_eq!(text(&blank), None);
        assert_eq!(text(&Frame::from_rgba(0, 0, &[])), None);
    }
}
