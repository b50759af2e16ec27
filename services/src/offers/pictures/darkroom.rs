//! From a file that somebody uploaded to pictures that are ours: turned upright, laid on white, made small, and drawn
//! anew, so that nothing of the file is left but what it shows.

use std::{io::Cursor, sync::Arc};

use domain::{
    fields::FieldProblem,
    images::{ImageHash, Picture},
};
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, ImageResult, Limits,
    codecs::jpeg::JpegEncoder, imageops::FilterType, metadata::Orientation,
};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::Fault;

/// The heaviest file that is taken: a photo as telephones take it weighs 2 to 6 MB.
pub const MEGABYTES: u32 = 8;
/// The same in bytes.
pub const HEAVIEST: usize = MEGABYTES as usize * 1024 * 1024;
/// The most pixels that are taken, in millions: what large telephones take.
const MEGAPIXELS: u32 = 50;
/// The most memory that a picture may take once it is unpacked: so many pixels with transparency.
const UNPACKED: u64 = MEGAPIXELS as u64 * 1_000_000 * 4;
/// What an offer's page shows, in pixels: its width there, twice as fine.
const LARGE: (u32, u32) = (1_200, 1_600);
/// What a card shows, twice as fine.
const SMALL: (u32, u32) = (640, 860);
/// Of 100; less shows in plain areas, more weighs more than it shows.
const QUALITY: u8 = 80;
/// One at a time is developed: it takes a core for up to a second, and what `UNPACKED` says.
const AT_ONCE: usize = 1;
/// At most this many wait for their turn, each with its file; the rest is told to come back.
const WAITING: usize = 8;

/// Develops pictures off the async threads, with bounded concurrency.
#[derive(Clone)]
pub(crate) struct Darkroom {
    queue: Arc<Semaphore>,
    permits: Arc<Semaphore>,
}

/// A picture as it is stored.
pub(super) struct Print {
    pub(super) picture: Picture,
    /// A JPEG without any metadata.
    pub(super) bytes: Vec<u8>,
}

/// What becomes of a file.
pub(super) struct Developed {
    pub(super) large: Print,
    /// The same for cards, unless that is small enough.
    pub(super) small: Option<Print>,
}

impl Darkroom {
    pub(crate) fn new() -> Self {
        Self {
            queue: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
            permits: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// What a file shows, or why it is not taken.
    ///
    /// # Errors
    /// [`Fault::Busy`] when too many are waiting.
    pub(super) async fn develop(
        &self,
        file: Vec<u8>,
    ) -> Result<Result<Developed, FieldProblem>, Fault> {
        let place = self.queue.clone().try_acquire_owned();
        let place = place.map_err(|_| Fault::Busy)?;
        let permit = self.permits.clone().acquire_owned().await;
        let permit = permit.map_err(|_| Fault::Busy)?;
        // The permits move into the task: a caller that goes away does not free a core that is still busy.
        let work = tokio::task::spawn_blocking(move || {
            let developed = develop(&file);
            drop((permit, place));
            developed
        });
        Ok(work.await.unwrap_or_else(|error| {
            // A decoder that gives up on a file in this way says as much as one that answers.
            tracing::warn!(%error, "a picture broke off its decoder");
            Err(FieldProblem::NotAPicture)
        }))
    }
}

fn develop(file: &[u8]) -> Result<Developed, FieldProblem> {
    if file.is_empty() {
        return Err(FieldProblem::Required);
    }
    if file.len() > HEAVIEST {
        let megabytes = MEGABYTES;
        return Err(FieldProblem::TooHeavy { megabytes });
    }
    let (picture, orientation) = decode(file)?;
    // Turned last, when there is least to turn.
    let sideways = matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    let room = if sideways { (LARGE.1, LARGE.0) } else { LARGE };
    let mut picture = shrink(on_white(picture), room);
    picture.apply_orientation(orientation);
    let small = shrink(picture.clone(), SMALL);
    let small = (small.width() < picture.width()).then_some(small);
    let drawn = |picture| {
        print(picture).map_err(|error| {
            tracing::error!(%error, "a picture cannot be drawn");
            FieldProblem::NotAPicture
        })
    };
    Ok(Developed {
        large: drawn(picture)?,
        small: small.map(drawn).transpose()?,
    })
}

/// The picture in a file, by what the file holds, whatever it is called; and how it is turned.
fn decode(file: &[u8]) -> Result<(DynamicImage, Orientation), FieldProblem> {
    let megapixels = MEGAPIXELS;
    let refuse = |error: ImageError| match error {
        ImageError::Limits(_) => FieldProblem::TooManyPixels { megapixels },
        _ => FieldProblem::NotAPicture,
    };
    let format = image::guess_format(file).map_err(refuse)?;
    if !matches!(
        format,
        ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP
    ) {
        return Err(FieldProblem::NotAPicture);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(UNPACKED);
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refuse)?;
    // Its head alone has been read so far: a small file can claim to be a huge picture.
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > u64::from(MEGAPIXELS) * 1_000_000 || decoder.total_bytes() > UNPACKED {
        return Err(FieldProblem::TooManyPixels { megapixels });
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(refuse)?;
    Ok((picture, orientation))
}

/// The picture without transparency: a JPEG has none.
fn on_white(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture;
    }
    let mut pixels = picture.into_rgba8();
    for pixel in pixels.pixels_mut() {
        let alpha = u16::from(pixel[3]);
        let laid = |colour: u8| (u16::from(colour) * alpha + 255 * (255 - alpha) + 127) / 255;
        let [red, green, blue, _] = pixel.0;
        pixel.0 =
            [red, green, blue, u8::MAX].map(|colour| u8::try_from(laid(colour)).unwrap_or(u8::MAX));
    }
    pixels.into()
}

/// The picture as large as fits into a room; never larger than it is.
fn shrink(picture: DynamicImage, (width, height): (u32, u32)) -> DynamicImage {
    let (is_wide, is_high) = (picture.width(), picture.height());
    if is_wide <= width && is_high <= height {
        return picture;
    }
    // At least one of the two has its room's measure, the other is in proportion.
    let scaled = |of: u32, part: u32, whole: u32| {
        let scaled = u64::from(of) * u64::from(part) / u64::from(whole);
        u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
    };
    let by_width = (width, scaled(is_high, width, is_wide));
    let (width, height) = if by_width.1 <= height {
        by_width
    } else {
        (scaled(is_wide, height, is_high), height)
    };
    // Averaging takes no memory to speak of; the filter, which is finer, takes 16 bytes a pixel.
    let picture = if is_wide > 4 * width {
        picture.thumbnail_exact(2 * width, 2 * height)
    } else {
        picture
    };
    picture.resize_exact(width, height, FilterType::CatmullRom)
}

fn print(picture: DynamicImage) -> ImageResult<Print> {
    let pixels = picture.into_rgb8();
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&pixels)?;
    let measure = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
    Ok(Print {
        picture: Picture {
            hash: ImageHash::from(<[u8; 32]>::from(Sha256::digest(&bytes))),
            width: measure(pixels.width()),
            height: measure(pixels.height()),
        },
        bytes,
    })
}

#[cfg(test)]
mod tests;
