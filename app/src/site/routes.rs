//! Every page and its path.

use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use super::{load, pages, request::visitor, shell::Frame};
use crate::{
    error::AppError, identity, merchants, offers, redemptions, stations, till, wallet, webhooks,
};

/// The routes inside the frame. Every page waits for its data, so that it is complete without scripts and
/// its status is true.
#[component]
pub fn App() -> impl IntoView {
    provide_context(visitor().locale);
    view! {
        <Router>
            <Frame>
                <Routes fallback=not_found>
                    <Route path=path!("/") view=pages::Home ssr=SsrMode::Async />
                    <Route path=path!("/sign-in") view=identity::sign_in::SignInPage ssr=SsrMode::Async />
                    <Route path=path!("/sign-in/code") view=identity::second_step::CodePage ssr=SsrMode::Async />
                    <Route path=path!("/sign-up") view=identity::sign_up::SignUpPage ssr=SsrMode::Async />
                    <Route path=path!("/forgot-password") view=identity::reset::ForgotPage ssr=SsrMode::Async />
                    <Route path=path!("/reset-password") view=identity::reset::ResetPage ssr=SsrMode::Async />
                    <Route path=path!("/verify-email") view=identity::account::VerifyPage ssr=SsrMode::Async />
                    <Route path=path!("/account") view=identity::account::AccountPage ssr=SsrMode::Async />
                    <Route path=path!("/account/second-step") view=identity::second_step::SecondStepPage ssr=SsrMode::Async />
                    <Route path=path!("/offers") view=offers::list::OffersPage ssr=SsrMode::Async />
                    <Route path=path!("/offers/:id") view=offers::detail::OfferPage ssr=SsrMode::Async />
                    <Route path=path!("/redemptions") view=redemptions::list::RedemptionsPage ssr=SsrMode::Async />
                    <Route path=path!("/redemptions/:id") view=redemptions::detail::RedemptionPage ssr=SsrMode::Async />
                    <Route path=path!("/r/:code") view=redemptions::landing::LandingPage ssr=SsrMode::Async />
                    <Route path=path!("/wallet") view=wallet::page::WalletPage ssr=SsrMode::Async />
                    <Route path=path!("/card") view=wallet::card::CardPage ssr=SsrMode::Async />
                    <Route path=path!("/m/:code") view=wallet::landing::MemberPage ssr=SsrMode::Async />
                    <Route path=path!("/stations") view=stations::list::StationsPage ssr=SsrMode::Async />
                    <Route path=path!("/stations/:id") view=stations::detail::StationPage ssr=SsrMode::Async />
                    <Route path=path!("/till") view=till::page::TillPage ssr=SsrMode::Async />
                    <Route path=path!("/till/people") view=till::people::PeoplePage ssr=SsrMode::Async />
                    <Route path=path!("/manage/terminals") view=till::terminals::TerminalsPage ssr=SsrMode::Async />
                    <Route path=path!("/manage/offers") view=offers::manage_list::OwnOffersPage ssr=SsrMode::Async />
                    <Route path=path!("/manage/offers/new") view=offers::manage::NewOfferPage ssr=SsrMode::Async />
                    <Route path=path!("/manage/offers/import") view=offers::import::ImportPage ssr=SsrMode::Async />
                    <Route path=path!("/manage/offers/import/:import") view=offers::import::ReviewPage ssr=SsrMode::Async />
                    <Route path=path!("/manage/offers/:id") view=offers::manage::EditOfferPage ssr=SsrMode::Async />
                    <Route path=path!("/manage/offers/:id/preview") view=offers::preview::PreviewPage ssr=SsrMode::Async />
                    <Route path=path!("/manage/keys") view=merchants::keys::KeysPage ssr=SsrMode::Async />
                    <Route path=path!("/manage/webhooks") view=webhooks::list::WebhooksPage ssr=SsrMode::Async />
                    <Route path=path!("/manage/webhooks/:id") view=webhooks::detail::WebhookPage ssr=SsrMode::Async />
                    <Route path=path!("/admin/merchants") view=merchants::list::MerchantsPage ssr=SsrMode::Async />
                    <Route path=path!("/admin/merchants/:id") view=merchants::detail::MerchantPage ssr=SsrMode::Async />
                    <Route path=path!("/admin/adjustments") view=wallet::adjustments::AdjustmentsPage ssr=SsrMode::Async />
                </Routes>
            </Frame>
        </Router>
    }
}

fn not_found() -> impl IntoView {
    let error = AppError::new(domain::error::ErrorCode::NotFound);
    load::set_status(http::StatusCode::NOT_FOUND);
    view! { <main id="content" class="page" tabindex="-1">{load::status_page(&error)}</main> }
}
