//! Where the second step is set up, changed and switched off.

use domain::second_step::RecoveryCode;
use leptos::prelude::*;
use leptos_meta::Title;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use services::identity::{
    actors::Insider,
    second_step::{self, Active, Enrolment, Standing},
};

use super::{
    LONGEST_CODE,
    actions::{ActivateSecondStep, BeginSecondStep, ChangeSecondStep},
};
use crate::{
    error::AppError,
    identity::session,
    redemptions::qr,
    site::{
        format,
        forms::Attempt,
        load::page,
        request::{actor, query, services},
    },
    tr,
    ui::{
        BackLink, Button, ButtonKind, Card, Facts, Field, LinkButton, Notice, PageHeader, QrImage,
        Tone,
    },
};

/// What the file of recovery codes is called.
const FILE: &str = "surtidor-recovery-codes.txt";

/// The second step of whoever asks.
#[component]
pub fn SecondStepPage() -> impl IntoView {
    let services = services();
    let insider = actor::<Insider>();
    view! {
        <Title text=tr!("second-step-title") />
        <main id="content" class="page page-narrow" tabindex="-1">
            {page(async move {
                let insider = insider?;
                let standing = second_step::standing(&services, insider).await?;
                let sealed = session::take_up(&session::current().await?).await?;
                let codes = sealed
                    .map(|sealed| second_step::take_up(&services, insider, &sealed))
                    .filter(|codes| !codes.is_empty());
                Ok(whole(standing, codes)?.into_any())
            })}
        </main>
    }
}

fn whole(
    standing: Standing,
    codes: Option<Vec<RecoveryCode>>,
) -> Result<impl IntoView + use<>, AppError> {
    let closed = standing.required && standing.active.is_none();
    let back = (!closed).then(|| view! { <BackLink href="/account" label=tr!("account-title") /> });
    let needed = closed.then(|| {
        view! {
            <Notice tone=Tone::Warning title=tr!("second-step-needed-title")>{tr!("second-step-needed-text")}</Notice>
        }
    });
    let begin = (standing.active.is_none() && standing.waiting.is_none()).then(begin_card);
    let waiting = standing.waiting.map(enrol_card).transpose()?;
    let active = standing
        .active
        .map(|active| active_card(&active, standing.required));
    Ok(view! {
        {back}
        <PageHeader title=tr!("second-step-title") lead=tr!("second-step-lead") />
        {done_notice()}
        {needed}
        {codes.map(codes_card)}
        {begin}
        {waiting}
        {active}
    })
}

fn done_notice() -> Option<impl IntoView> {
    let text = match query("done")?.as_str() {
        "activated" => tr!("second-step-activated"),
        "codes" => tr!("second-step-codes-renewed"),
        "off" => tr!("second-step-switched-off"),
        _ => return None,
    };
    Some(view! { <Notice tone=Tone::Success title=text /> })
}

fn begin_card() -> impl IntoView {
    let action = ServerAction::<BeginSecondStep>::new();
    let attempt = Attempt::of(action);
    view! {
        <Card title=tr!("second-step-begin-title")>
            <p>{tr!("second-step-begin-text")}</p>
            {attempt.notice()}
            <ActionForm action attr:class="form">
                {password(&attempt)}
                <div class="form-actions">
                    <Button icon=icondata_lu::LuShieldCheck>{tr!("second-step-begin")}</Button>
                </div>
            </ActionForm>
        </Card>
    }
}

fn password(attempt: &Attempt) -> impl IntoView + use<> {
    view! {
        <Field
            label=tr!("field-current-password")
            name="current_password"
            kind="password"
            error=attempt.problem("current_password")
            autocomplete="current-password"
            required=true
        />
    }
}

fn enrol_card(enrolment: Enrolment) -> Result<impl IntoView + use<>, AppError> {
    let action = ServerAction::<ActivateSecondStep>::new();
    let attempt = Attempt::of(action);
    let svg = qr::of_link(&enrolment.uri)?;
    let secret = in_fours(&enrolment.secret);
    Ok(view! {
        <Card title=tr!("second-step-scan-title")>
            <p>{tr!("second-step-scan-text")}</p>
            <QrImage svg label=tr!("second-step-qr-label") />
            <p>{tr!("second-step-type-text")}</p>
            <code class="secret" translate="no">{secret}</code>
            <p>
                <a href=enrolment.uri>{tr!("second-step-open-app")}</a>
            </p>
            {attempt.notice()}
            <ActionForm action attr:class="form">
                <Field
                    label=tr!("field-first-otp")
                    name="otp"
                    id="field-first-otp"
                    error=attempt.problem("otp")
                    hint=tr!("field-first-otp-hint")
                    autocomplete="one-time-code"
                    inputmode="numeric"
                    maxlength=LONGEST_CODE
                    required=true
                />
                <div class="form-actions">
                    <Button>{tr!("second-step-activate")}</Button>
                </div>
            </ActionForm>
        </Card>
    })
}

fn in_fours(secret: &str) -> String {
    let symbols: Vec<_> = secret.chars().collect();
    let groups: Vec<String> = symbols
        .chunks(4)
        .map(|four| four.iter().collect())
        .collect();
    groups.join(" ")
}

fn codes_card(codes: Vec<RecoveryCode>) -> impl IntoView {
    let codes: Vec<_> = codes.iter().map(RecoveryCode::grouped).collect();
    let text = format!("{}\n\n{}\n", tr!("recovery-codes-file"), codes.join("\n"));
    let file = format!(
        "data:text/plain;charset=utf-8,{}",
        utf8_percent_encode(&text, NON_ALPHANUMERIC)
    );
    let codes = codes
        .into_iter()
        .map(|code| view! { <li><code>{code}</code></li> })
        .collect_view();
    view! {
        <Card title=tr!("recovery-codes-title")>
            <p>{tr!("recovery-codes-text")}</p>
            <ol class="recovery-codes" translate="no">{codes}</ol>
            <div class="cluster">
                <LinkButton href=file kind=ButtonKind::Secondary icon=icondata_lu::LuDownload attr:download=FILE>
                    {tr!("recovery-codes-download")}
                </LinkButton>
            </div>
            <p class="small muted">{tr!("recovery-codes-print")}</p>
        </Card>
    }
}

fn active_card(active: &Active, required: bool) -> impl IntoView + use<> {
    let action = ServerAction::<ChangeSecondStep>::new();
    let attempt = Attempt::of(action);
    let facts = vec![
        (
            tr!("second-step-since"),
            format::date(active.since, format::zone()),
        ),
        (
            tr!("recovery-codes-left"),
            format::number(active.recovery_codes_left),
        ),
    ];
    let few = (active.recovery_codes_left < FEW).then(|| {
        view! { <Notice tone=Tone::Warning title=tr!("recovery-codes-few") /> }
    });
    let off = (!required).then(|| {
        view! {
            <Button kind=ButtonKind::Danger attr:name="change" attr:value="off">{tr!("second-step-switch-off")}</Button>
        }
    });
    view! {
        <Card title=tr!("second-step-active-title") icon=icondata_lu::LuShieldCheck>
            <Facts items=facts />
            {few}
            <p>{tr!("second-step-change-text")}</p>
            {attempt.notice()}
            <ActionForm action attr:class="form">
                {password(&attempt)}
                <Field
                    label=tr!("field-otp")
                    name="otp"
                    error=attempt.problem("otp")
                    hint=tr!("field-otp-hint")
                    autocomplete="one-time-code"
                    maxlength=LONGEST_CODE
                    required=true
                />
                <div class="form-actions">
                    <Button kind=ButtonKind::Secondary attr:name="change" attr:value="codes">
                        {tr!("recovery-codes-renew")}
                    </Button>
                    <Button kind=ButtonKind::Secondary attr:name="change" attr:value="app">
                        {tr!("second-step-other-app")}
                    </Button>
                    {off}
                </div>
            </ActionForm>
        </Card>
    }
}

/// So few recovery codes are reason to make others.
const FEW: i64 = 3;
