//! The part of an offer's own page that is about its picture.

use domain::{ids::OfferId, images::Picture};
use leptos::prelude::*;

use super::{actions::RemovePicture, cards::photo, files::SET_PICTURE};
use crate::{
    site::forms::Attempt,
    tr,
    ui::{Button, ButtonKind, Card, FileField, HiddenInput, PhotoPlace},
};

/// The kinds that are taken.
const ACCEPTED: &str = "image/jpeg,image/png,image/webp";

/// The picture as it is, and the forms to change it and to take it away.
pub(super) fn picture_card(
    id: OfferId,
    name: &str,
    picture: Option<Picture>,
) -> impl IntoView + use<> {
    let attempt = Attempt::at(SET_PICTURE);
    let (shown, upload) = match picture {
        Some(picture) => {
            let alt = tr!("manage-picture-now", name = name);
            (
                photo(picture, PhotoPlace::Page, &alt),
                tr!("manage-picture-replace"),
            )
        }
        None => (
            view! { <p class="muted">{tr!("manage-picture-none")}</p> }.into_any(),
            tr!("manage-picture-upload"),
        ),
    };
    view! {
        <Card title=tr!("manage-picture") icon=icondata_lu::LuImage>
            {shown}
            {attempt.notice()}
            <form class="form" method="post" action=SET_PICTURE enctype="multipart/form-data">
                <HiddenInput name="id" value=id.to_string() />
                <FileField
                    label=tr!("manage-picture-choose")
                    name="image"
                    accept=ACCEPTED
                    error=attempt.problem("image")
                    hint=tr!("manage-picture-hint")
                />
                <div class="form-actions">
                    <Button kind=ButtonKind::Secondary icon=icondata_lu::LuUpload>{upload}</Button>
                </div>
            </form>
            {picture.map(|_| remove_form(id))}
        </Card>
    }
}

fn remove_form(id: OfferId) -> impl IntoView {
    let action = ServerAction::<RemovePicture>::new();
    view! {
        {Attempt::of(action).notice()}
        <ActionForm action>
            <HiddenInput name="id" value=id.to_string() />
            <Button kind=ButtonKind::Quiet icon=icondata_lu::LuTrash2>{tr!("manage-picture-remove")}</Button>
        </ActionForm>
    }
}
