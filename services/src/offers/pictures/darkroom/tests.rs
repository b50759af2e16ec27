use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;

const RED: Rgb<u8> = Rgb([220, 30, 30]);
const BLUE: Rgb<u8> = Rgb([30, 30, 220]);

/// Red on the left, blue on the right.
fn flag(width: u32, height: u32) -> DynamicImage {
    let colour = |x, _| if x < width / 2 { RED } else { BLUE };
    RgbImage::from_fn(width, height, colour).into()
}

fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

/// The JPEG with a segment of Exif: turned by 90 degrees, and where it was taken (GPS latitude, north).
fn taken_somewhere(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
    // Two entries: orientation, and where the directory of the place is (38).
    exif.extend([2, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    exif.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0, 0, 0, 0, 0]);
    exif.extend([1, 0, 1, 0, 2, 0, 2, 0, 0, 0, b'N', 0, 0, 0, 0, 0, 0, 0]);
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
}

fn seen(print: &Print) -> RgbImage {
    let seen = image::load_from_memory_with_format(&print.bytes, ImageFormat::Jpeg);
    let seen = seen.unwrap().into_rgb8();
    let size = (print.picture.width, print.picture.height);
    let is = (seen.width().try_into(), seen.height().try_into());
    assert_eq!(is, (Ok(size.0), Ok(size.1)));
    seen
}

/// Whether two colours look alike; a JPEG is never exact.
fn alike(one: Rgb<u8>, other: Rgb<u8>) -> bool {
    one.0
        .iter()
        .zip(other.0)
        .all(|(one, other)| one.abs_diff(other) < 24)
}

fn problem(file: &[u8]) -> FieldProblem {
    develop(file).err().expect("a refusal")
}

#[test]
fn every_kind_becomes_a_jpeg_in_two_sizes_by_what_it_holds() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let made = develop(&file(&flag(2_000, 1_000), format)).unwrap();
        let small = made.small.unwrap();
        assert_eq!(seen(&made.large).dimensions(), (1_200, 600), "{format:?}");
        assert_eq!(seen(&small).dimensions(), (640, 320), "{format:?}");
        assert!(alike(*seen(&small).get_pixel(20, 160), RED), "{format:?}");
        assert!(alike(*seen(&small).get_pixel(620, 160), BLUE), "{format:?}");
    }
}

#[test]
fn nothing_is_made_larger_and_what_is_small_needs_no_smaller_one() {
    let made = develop(&file(&flag(300, 200), ImageFormat::Png)).unwrap();
    assert_eq!(seen(&made.large).dimensions(), (300, 200));
    assert!(made.small.is_none());
}

#[test]
fn a_tall_picture_fits_too_and_a_line_stays_a_line() {
    let tall = develop(&file(&flag(1_000, 4_000), ImageFormat::Png)).unwrap();
    assert_eq!(seen(&tall.large).dimensions(), (400, 1_600));
    let line = develop(&file(&flag(9_000, 1), ImageFormat::Png)).unwrap();
    assert_eq!(seen(&line.large).dimensions(), (1_200, 1));
}

#[test]
fn the_same_file_has_the_same_name() {
    let file = file(&flag(900, 600), ImageFormat::Jpeg);
    let names = || {
        let made = develop(&file).unwrap();
        (made.large.picture, made.small.map(|small| small.picture))
    };
    assert_eq!(names(), names());
}

#[test]
fn a_photo_is_turned_upright_and_tells_nothing_of_where_it_was_taken() {
    let photo = taken_somewhere(&file(&flag(1_600, 1_200), ImageFormat::Jpeg), 6);
    let holds = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|part| part == what);
    assert!(holds(&photo, b"Exif") && holds(&photo, &[0x25, 0x88]));
    let made = develop(&photo).unwrap();
    let upright = seen(&made.large);
    // A quarter turn to the right: what was left is on top.
    assert_eq!(upright.dimensions(), (1_200, 1_600));
    assert!(alike(*upright.get_pixel(600, 100), RED));
    assert!(alike(*upright.get_pixel(600, 1_500), BLUE));
    for print in [&made.large, made.small.as_ref().unwrap()] {
        assert!(!holds(&print.bytes, b"Exif"));
        // No segment of an application but JFIF's own (ITU-T T.81, table B.1), no comment.
        for marker in (0xE1..=0xEF).chain([0xFE]) {
            assert!(!holds(&head(&print.bytes), &[0xFF, marker]), "{marker:x}");
        }
    }
}

/// What stands before the picture itself.
fn head(jpeg: &[u8]) -> Vec<u8> {
    let scan = jpeg.windows(2).position(|part| part == [0xFF, 0xDA]);
    jpeg[..scan.unwrap()].to_vec()
}

#[test]
fn what_is_transparent_lies_on_white() {
    let glass = RgbaImage::from_fn(100, 100, |x, _| match x {
        0..50 => Rgba([0, 0, 0, 0]),
        _ => Rgba([0, 0, 0, 128]),
    });
    let made = develop(&file(&glass.into(), ImageFormat::Png)).unwrap();
    let seen = seen(&made.large);
    assert!(alike(*seen.get_pixel(10, 50), Rgb([255; 3])));
    assert!(alike(*seen.get_pixel(90, 50), Rgb([127; 3])));
}

#[test]
fn sixteen_bits_and_greys_are_taken() {
    let deep = DynamicImage::from(flag(700, 10).into_rgb16());
    let grey = DynamicImage::from(flag(700, 10).into_luma8());
    for picture in [deep, grey] {
        let made = develop(&file(&picture, ImageFormat::Png)).unwrap();
        assert_eq!(seen(&made.large).width(), 700);
    }
}

#[test]
fn what_is_no_picture_is_refused_whatever_it_pretends_to_be() {
    let picture = file(&flag(64, 64), ImageFormat::Png);
    for file in [
        b"GIF89a\x01\0\x01\0\0\0\0;".as_slice(),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n",
        b"\xFF\xD8\xFF\xE0 and then nothing of the kind",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"MZ\x90\0",
        &picture[..picture.len() / 2],
    ] {
        assert_eq!(problem(file), FieldProblem::NotAPicture);
    }
    assert_eq!(problem(b""), FieldProblem::Required);
}

#[test]
fn a_file_that_claims_to_be_huge_is_refused_by_its_head() {
    let bomb = png_of(60_000, 60_000);
    assert!(bomb.len() < 1_000);
    let megapixels = MEGAPIXELS;
    assert_eq!(problem(&bomb), FieldProblem::TooManyPixels { megapixels });
    // As many pixels as are taken, but each of eight bytes.
    assert_eq!(
        problem(&png_of_deep(8_000, 6_000)),
        FieldProblem::TooManyPixels { megapixels }
    );
    let heavy = vec![0; HEAVIEST + 1];
    let megabytes = MEGABYTES;
    assert_eq!(problem(&heavy), FieldProblem::TooHeavy { megabytes });
}

/// A small file whose head claims these measures.
fn png_of(width: u32, height: u32) -> Vec<u8> {
    claiming(width, height, 8, 2)
}

fn png_of_deep(width: u32, height: u32) -> Vec<u8> {
    claiming(width, height, 16, 6)
}

fn claiming(width: u32, height: u32, depth: u8, colours: u8) -> Vec<u8> {
    let mut file = Vec::new();
    let one = [0; 3];
    image::codecs::png::PngEncoder::new(&mut file)
        .write_image(&one, 1, 1, ExtendedColorType::Rgb8)
        .unwrap();
    let head = [
        b"IHDR".as_slice(),
        &width.to_be_bytes(),
        &height.to_be_bytes(),
        &[depth, colours, 0, 0, 0],
    ]
    .concat();
    file[12..29].copy_from_slice(&head);
    file[29..33].copy_from_slice(&crc32(&head).to_be_bytes());
    file
}

/// The check of a PNG's chunk (ISO/IEC 15948, annex D).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            let carried = if crc & 1 == 1 { 0xEDB8_8320 } else { 0 };
            (crc >> 1) ^ carried
        })
    })
}

#[tokio::test]
async fn beyond_the_queue_the_answer_is_busy_at_once() {
    let darkroom = Darkroom::new();
    let all = u32::try_from(AT_ONCE + WAITING).unwrap();
    let taken = darkroom.queue.clone().acquire_many_owned(all).await;
    let refused = darkroom.develop(Vec::new()).await;
    assert!(matches!(refused, Err(Fault::Busy)));
    drop(taken);
    assert!(darkroom.develop(Vec::new()).await.is_ok());
}
