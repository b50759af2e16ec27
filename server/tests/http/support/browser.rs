//! What a person's browser, or a script in it, sends and sees.

use std::sync::Arc;

use reqwest::{
    Client, RequestBuilder, Url,
    cookie::{CookieStore, Jar},
    header::{
        ACCEPT, ACCEPT_LANGUAGE, HeaderMap, HeaderName, LOCATION, ORIGIN, REFERER, SET_COOKIE,
    },
    redirect::Policy,
};
use serde_json::Value;

/// As the forms of one browser with its own cookies and connections; it follows no redirects by itself.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    jar: Arc<Jar>,
    base: Url,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Browser {
    /// A browser that knows no cookie.
    pub fn new(base: &str) -> Self {
        let jar = Arc::new(Jar::default());
        let client = Client::builder()
            .cookie_provider(jar.clone())
            .redirect(Policy::none())
            .build()
            .unwrap();
        Self {
            client,
            jar,
            base: base.parse().unwrap(),
        }
    }

    /// Plants a cookie.
    pub fn keep_cookie(&self, cookie: &str) {
        self.jar.add_cookie_str(cookie, &self.base);
    }

    /// The session's cookie as it is sent.
    pub fn session(&self) -> Option<String> {
        let cookies = self.jar.cookies(&self.base)?;
        let session = cookies.to_str().unwrap().split("; ");
        session
            .filter_map(|cookie| cookie.strip_prefix("surtidor="))
            .map(str::to_owned)
            .next()
    }

    /// A request without any header of a browser's.
    pub fn bare(&self, method: &str, path: &str) -> RequestBuilder {
        let url = self.base.join(path).unwrap();
        self.client.request(method.parse().unwrap(), url)
    }

    /// A request to open a page.
    pub fn page(&self, path: &str) -> RequestBuilder {
        self.bare("GET", path)
            .header(ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
            .header(ACCEPT_LANGUAGE, "en")
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.page(path)).await
    }

    /// A request that sends a form from a page.
    pub fn form(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        self.sending(page, action).form(fields)
    }

    /// A request that a page sends, whatever it holds.
    pub fn sending(&self, page: &str, action: &str) -> RequestBuilder {
        self.bare("POST", action)
            .header(ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
            .header(ACCEPT_LANGUAGE, "en")
            .header(REFERER, self.base.join(page).unwrap().as_str())
            .header(ORIGIN, self.base.origin().ascii_serialization())
            .header("sec-fetch-site", "same-origin")
    }

    /// Sends a form from a page.
    pub async fn submit(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        Answer::of(self.form(page, action, fields)).await
    }

    /// Sends a form and opens the page it leads to.
    pub async fn submit_and_follow(
        &self,
        page: &str,
        action: &str,
        fields: &[(&str, &str)],
    ) -> (String, Answer) {
        let answer = self.submit(page, action, fields).await;
        assert_eq!(answer.status, 302, "{}", answer.text);
        let to = answer.location();
        let page = self.get(&to).await;
        (to, page)
    }

    /// A request as the till's island makes it.
    pub fn question(&self, action: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        self.bare("POST", action)
            .header(ACCEPT, "application/json")
            .header(ACCEPT_LANGUAGE, "en")
            .header("sec-fetch-site", "same-origin")
            .form(fields)
    }

    /// Asks as the till's island does.
    pub async fn ask(&self, action: &str, fields: &[(&str, &str)]) -> Answer {
        Answer::of(self.question(action, fields)).await
    }

    /// Redeems as the offer's page does.
    pub async fn redeem(&self, offer: &str, key: &str) -> Answer {
        let fields = [("offer", offer), ("key", key)];
        let page = format!("/offers/{offer}");
        self.submit(&page, "/api/offers/redeem", &fields).await
    }

    /// Signs in by the form.
    pub async fn sign_in(&self, email: &str, password: &str) -> Answer {
        let fields = [("email", email), ("password", password)];
        self.submit("/sign-in", "/api/identity/sign-in", &fields)
            .await
    }
}

impl Answer {
    /// The answer to a request.
    pub async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }

    /// A header's text, empty when it is missing.
    pub fn header(&self, name: impl Into<HeaderName>) -> &str {
        let value = self.headers.get(name.into());
        value.map_or("", |value| value.to_str().unwrap())
    }

    /// Where a redirect leads.
    pub fn location(&self) -> String {
        self.header(LOCATION).to_owned()
    }

    /// The `Set-Cookie` headers.
    pub fn cookies(&self) -> Vec<&str> {
        let cookies = self.headers.get_all(SET_COOKIE);
        cookies.iter().map(|c| c.to_str().unwrap()).collect()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// The error's code.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The tone of the till's answer.
    pub fn tone(&self) -> String {
        self.json()["tone"].as_str().unwrap_or_default().to_owned()
    }

    /// The redemption that a redirect leads to.
    pub fn redemption(&self) -> Option<String> {
        let id = self.location();
        let id = id.strip_prefix("/redemptions/")?;
        (self.status == 302).then(|| id.to_owned())
    }

    /// The value of the form's input of this name.
    pub fn input(&self, name: &str) -> Option<&str> {
        let from = self.text.find(&format!("name=\"{name}\""))?;
        let start = self.text[..from].rfind('<')?;
        let tag = &self.text[start..];
        let tag = &tag[..tag.find('>')?];
        let value = tag.split_once(" value=\"")?.1;
        value.split('"').next()
    }
}
