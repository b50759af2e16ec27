//! A redemption's QR as a picture.

use std::io::Cursor;

use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, header},
};
use domain::{codes::RedemptionCode, error::ErrorCode};
use image::{ImageFormat, Luma, imageops};
use qrcode::{EcLevel, QrCode};
use services::{
    identity::actors::Consumer,
    offers::{history, tokens::landing_url},
};

use crate::{
    api::{actor::As, extract::Id, problem::Answer},
    router::AppState,
};

/// The picture's width and height, in pixels.
const SIZE: u32 = 800;

/// Where the picture of a code is.
pub(super) fn image_url(base: &str, code: &RedemptionCode) -> String {
    format!("{base}/api/v1/rewards/qr/{code}.png")
}

/// A picture of this moment alone.
type Picture = ([(HeaderName, HeaderValue); 2], Vec<u8>);

/// See the QR of one of your pending redemptions
///
/// 800 × 800 pixels. It holds the link of this moment and goes stale after 30 to 60 seconds: load it again.
#[utoipa::path(
    get, path = "/qr/{code_png}", tag = "rewards", operation_id = "get_qr",
    params(("code" = String, Path, description = "The redemption's code.",
        example = "LUMS-0000-0000-0000", pattern = "^LUMS(-[0-9A-HJKMNP-TV-Z]{4}){3}$")),
    responses((status = 200, description = "The picture.", content_type = "image/png", body = Vec<u8>)),
    security(("bearer" = []))
)]
pub(crate) async fn png(
    State(state): State<AppState>,
    As(consumer): As<Consumer>,
    Id(file): Id<String>,
) -> Answer<Picture> {
    let code = file.strip_suffix(".png").and_then(|code| code.parse().ok());
    let code: RedemptionCode = code.ok_or(ErrorCode::NotFound)?;
    let found = history::by_code(&state.services, consumer, &code).await?;
    let codes = found.and_then(|it| it.codes).ok_or(ErrorCode::NotFound)?;
    let link = landing_url(&state.site.public_url, &codes.code, &codes.token);
    let picture = draw(&link).ok_or_else(|| {
        tracing::error!("the link does not fit a QR code");
        ErrorCode::InternalError
    })?;
    Ok((
        [
            (header::CONTENT_TYPE, HeaderValue::from_static("image/png")),
            (
                header::CACHE_CONTROL,
                HeaderValue::from_static("private, no-store"),
            ),
        ],
        picture,
    ))
}

fn draw(link: &str) -> Option<Vec<u8>> {
    // Level M survives a scratched screen and keeps the modules large.
    let code = QrCode::with_error_correction_level(link, EcLevel::M).ok()?;
    let modules = code.render::<Luma<u8>>().module_dimensions(8, 8).build();
    let picture = imageops::resize(&modules, SIZE, SIZE, imageops::FilterType::Nearest);
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).ok()?;
    Some(png.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_a_png_of_800_by_800() {
        let png = draw("https://rewards.example/r/LUMS-0000-0000-0000?t=abcdefghijklmnopqrstuv");
        let picture = image::load_from_memory(&png.unwrap()).unwrap();
        assert_eq!((picture.width(), picture.height()), (800, 800));
    }
}
