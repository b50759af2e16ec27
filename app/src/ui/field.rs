use leptos::prelude::*;

use super::Icon;

/// Hint and error below a control. Their ids are what `described_by` names.
#[component]
fn FieldNotes(id: String, hint: Option<String>, error: Option<String>) -> impl IntoView {
    view! {
        {hint.map(|hint| view! { <p class="field-hint" id=format!("{id}-hint")>{hint}</p> })}
        {error
            .map(|error| {
                view! {
                    <p class="field-error" id=format!("{id}-error")>
                        <Icon icon=icondata_lu::LuTriangleAlert />
                        <span>{error}</span>
                    </p>
                }
            })}
    }
}

/// The value of `aria-describedby` for a control with these notes; error first, it matters more.
fn described_by(id: &str, hint: Option<&String>, error: Option<&String>) -> Option<String> {
    let mut ids = Vec::new();
    if error.is_some() {
        ids.push(format!("{id}-error"));
    }
    if hint.is_some() {
        ids.push(format!("{id}-hint"));
    }
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// `id` as given, or the name with a prefix so that it meets no other id of the page.
fn control_id(id: Option<String>, name: &str) -> String {
    id.unwrap_or_else(|| format!("field-{name}"))
}

/// A labelled one-line input. The label is always visible; hint and error are tied to the input.
#[component]
pub fn Field(
    #[prop(into)] label: String,
    /// The form's key.
    #[prop(into)]
    name: String,
    /// The input's `type`: `text`, `email`, `password`, `number`, `search`, `datetime-local`, …
    #[prop(default = "text")]
    kind: &'static str,
    /// Kept as typed when a form comes back with an error.
    #[prop(optional, into)]
    value: String,
    /// Shown below and announced; `None` means that the value is fine.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(optional)] autofocus: bool,
    #[prop(optional, into)] autocomplete: Option<String>,
    #[prop(optional, into)] inputmode: Option<String>,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional, into)] pattern: Option<String>,
    #[prop(optional)] minlength: Option<u32>,
    #[prop(optional)] maxlength: Option<u32>,
    #[prop(optional, into)] min: Option<String>,
    #[prop(optional, into)] max: Option<String>,
    #[prop(optional, into)] step: Option<String>,
    /// Needed only where one page has two fields of the same name.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let id = control_id(id, &name);
    let describedby = described_by(&id, hint.as_ref(), error.as_ref());
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                class="control"
                id=id.clone()
                name=name
                type=kind
                value=value
                required=required
                autofocus=autofocus
                autocomplete=autocomplete
                inputmode=inputmode
                placeholder=placeholder
                pattern=pattern
                minlength=minlength
                maxlength=maxlength
                min=min
                max=max
                step=step
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=describedby
            />
            <FieldNotes id hint error />
        </div>
    }
}

/// A labelled choice of a file. The form around it needs `enctype="multipart/form-data"`.
#[component]
pub fn FileField(
    #[prop(into)] label: String,
    /// The form's key.
    #[prop(into)]
    name: String,
    /// The kinds of files that are offered, as for the input's `accept`.
    accept: &'static str,
    /// Shown below and announced; `None` means that nothing is wrong.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
    #[prop(optional, into)] hint: Option<String>,
) -> impl IntoView {
    let id = control_id(None, &name);
    let describedby = described_by(&id, hint.as_ref(), error.as_ref());
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                class="control"
                id=id.clone()
                name=name
                type="file"
                accept=accept
                required=true
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=describedby
            />
            <FieldNotes id hint error />
        </div>
    }
}

/// A labelled text of several lines.
#[component]
pub fn TextArea(
    #[prop(into)] label: String,
    /// The form's key.
    #[prop(into)]
    name: String,
    #[prop(optional, into)] value: String,
    /// Shown below and announced; `None` means that the value is fine.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(optional)] maxlength: Option<u32>,
    /// Lines in sight.
    #[prop(default = 4)]
    rows: u32,
) -> impl IntoView {
    let id = control_id(None, &name);
    let describedby = described_by(&id, hint.as_ref(), error.as_ref());
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <textarea
                class="control"
                id=id.clone()
                name=name
                rows=rows
                required=required
                maxlength=maxlength
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=describedby
            >
                {value}
            </textarea>
            <FieldNotes id hint error />
        </div>
    }
}

/// A labelled choice of one among several.
#[component]
pub fn Select(
    #[prop(into)] label: String,
    /// The form's key.
    #[prop(into)]
    name: String,
    /// Value and label of each choice, in the order shown.
    options: Vec<(String, String)>,
    /// The value chosen at first; without a match the browser takes the first.
    #[prop(optional, into)]
    selected: String,
    /// Shown below and announced; `None` means that the value is fine.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let id = control_id(None, &name);
    let describedby = described_by(&id, hint.as_ref(), error.as_ref());
    let options = options
        .into_iter()
        .map(|(value, label)| {
            let chosen = value == selected;
            view! { <option value=value selected=chosen>{label}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select
                class="control"
                id=id.clone()
                name=name
                required=required
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=describedby
            >
                {options}
            </select>
            <FieldNotes id hint error />
        </div>
    }
}

/// A box to tick, with its label beside it.
#[component]
pub fn Checkbox(
    #[prop(into)] label: String,
    /// The form's key.
    #[prop(into)]
    name: String,
    /// Sent when ticked.
    #[prop(default = "true".into(), into)]
    value: String,
    #[prop(optional)] checked: bool,
    #[prop(optional)] required: bool,
    /// Shown below and announced; `None` means that the choice is fine.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
    #[prop(optional, into)] hint: Option<String>,
) -> impl IntoView {
    let id = control_id(None, &name);
    let describedby = described_by(&id, hint.as_ref(), error.as_ref());
    view! {
        <div class="field">
            <label class="check" for=id.clone()>
                <input
                    id=id.clone()
                    name=name
                    type="checkbox"
                    value=value
                    checked=checked
                    required=required
                    aria-invalid=error.is_some().then_some("true")
                    aria-describedby=describedby
                />
                <span>{label}</span>
            </label>
            <FieldNotes id hint error />
        </div>
    }
}

/// A question with several boxes to tick; what is wrong with the answer is tied to all of them.
#[component]
pub fn Choices(
    #[prop(into)] legend: String,
    /// The form's key; it is sent once for each box that is ticked.
    #[prop(into)]
    name: String,
    /// Value and label of each box and whether it is ticked, in the order shown.
    options: Vec<(String, String, bool)>,
    /// Shown below and announced; `None` means that the choice is fine.
    #[prop(optional_no_strip, into)]
    error: Option<String>,
    #[prop(optional, into)] hint: Option<String>,
) -> impl IntoView {
    let id = control_id(None, name.trim_end_matches("[]"));
    let describedby = described_by(&id, hint.as_ref(), error.as_ref());
    let boxes = options
        .into_iter()
        .map(|(value, label, checked)| {
            view! {
                <label class="check">
                    <input
                        name=name.clone()
                        type="checkbox"
                        value=value
                        checked=checked
                        aria-invalid=error.is_some().then_some("true")
                        aria-describedby=describedby.clone()
                    />
                    <span>{label}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="choices">
            <legend>{legend}</legend>
            {boxes}
            <FieldNotes id hint error />
        </fieldset>
    }
}

/// A value that travels with the form unseen.
#[component]
pub fn HiddenInput(#[prop(into)] name: String, #[prop(into)] value: String) -> impl IntoView {
    view! { <input type="hidden" name=name value=value /> }
}
