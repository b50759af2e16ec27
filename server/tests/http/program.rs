//! The program's start: what it requires, refuses, and shows.

use std::{fs, path::Path, process::Output};

use sqlx::{
    Executor,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tempfile::tempdir;

use crate::support::{Browser, JWT_KEY, MFA_KEY, Program, QR_SECRET, database_url, program};

const NOWHERE: &str = "postgres://app:hunter2@127.0.0.1:1/none";
const PRODUCTION: [(&str, &str); 7] = [
    ("SURTIDOR_ENV", "production"),
    ("DATABASE_URL", NOWHERE),
    ("QR_SIGNING_SECRET", QR_SECRET),
    ("JWT_SIGNING_KEY", JWT_KEY),
    ("SURTIDOR_PUBLIC_URL", "https://rewards.example"),
    ("SURTIDOR_MAIL_DIR", "letters"),
    ("MFA_ENCRYPTION_KEY", MFA_KEY),
];

fn run(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    program(folder, arguments, variables).output().unwrap()
}

fn complaint(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn production_does_not_start_without_what_has_no_default_and_names_it() {
    let folder = tempdir().unwrap();
    for command in ["serve", "migrate", "seed", "config"] {
        let text = complaint(&run(folder.path(), &[command], &PRODUCTION[..1]));
        for (name, _) in &PRODUCTION[1..] {
            assert!(text.contains(name), "{command}: {text}");
        }
    }
    for missing in 1..PRODUCTION.len() {
        let mut variables = PRODUCTION.to_vec();
        let (name, _) = variables[missing];
        // Empty counts as missing.
        variables[missing].1 = "";
        let text = complaint(&run(folder.path(), &["serve"], &variables));
        assert!(text.contains(name), "{text}");
        for (other, _) in PRODUCTION.iter().skip(1).filter(|(it, _)| *it != name) {
            assert!(!text.contains(other), "{text}");
        }
    }
}

#[test]
fn production_refuses_the_demos_data() {
    let folder = tempdir().unwrap();
    for arguments in [&["serve", "--demo"][..], &["seed"]] {
        let text = complaint(&run(folder.path(), arguments, &PRODUCTION));
        assert!(text.contains("demo"), "{text}");
    }
}

#[test]
fn without_a_database_the_start_fails_in_plain_words_and_without_its_password() {
    let folder = tempdir().unwrap();
    let text = complaint(&run(folder.path(), &["serve"], &PRODUCTION));
    assert!(text.contains("DATABASE_URL"), "{text}");
    assert!(
        !text.contains("hunter2") && !text.contains(QR_SECRET),
        "{text}"
    );
    let text = complaint(&run(folder.path(), &["serve"], &[]));
    assert!(text.contains("DATABASE_URL is not set"), "{text}");
}

#[test]
fn shown_settings_hide_their_secrets_and_tell_the_rest() {
    let folder = tempdir().unwrap();
    let output = run(folder.path(), &["config"], &PRODUCTION);
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        ["hunter2", QR_SECRET, MFA_KEY, "PRIVATE"]
            .iter()
            .all(|secret| !text.contains(secret)),
        "{text}"
    );
    assert!(text.contains("production") && text.contains("https://rewards.example"));
    assert!(text.contains("@127.0.0.1:1/none"));
}

#[test]
fn limits_and_proxies_are_set_by_variables_and_nothing_is_no_limit() {
    let folder = tempdir().unwrap();
    let shown = |variables: &[(&str, &str)]| {
        let output = run(folder.path(), &["config"], variables);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let text = shown(&[
        ("RATE_LIMIT_GENERAL_PER_MINUTE", "100000"),
        ("SURTIDOR__LIMITS__REDEEM_PER_DAY", "40"),
        ("SURTIDOR_TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
    ]);
    for setting in [
        "general_per_minute = 100000",
        "redeem_per_day = 40",
        "redeem_per_hour = 10",
        "trusted_proxies = [\"10.0.0.0/8\", \"::1/128\"]",
    ] {
        assert!(text.contains(setting), "{setting}: {text}");
    }
    for (name, value, told) in [
        ("RATE_LIMIT_REDEEM_PER_HOUR", "0", "redeem_per_hour"),
        ("RATE_LIMIT_SIGN_IN_PER_HOUR", "many", "sign_in_per_hour"),
        ("SURTIDOR_TRUSTED_PROXIES", "proxy", "proxy is neither"),
    ] {
        let text = complaint(&run(folder.path(), &["config"], &[(name, value)]));
        assert!(text.contains(told), "{text}");
    }
}

#[test]
fn secrets_come_from_files_too() {
    let folder = tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("database"), format!("{NOWHERE}\n")).unwrap();
    fs::write(path("secret"), format!("{QR_SECRET}\n")).unwrap();
    fs::write(path("key"), format!("{JWT_KEY}\n")).unwrap();
    fs::write(path("sealing"), format!("{MFA_KEY}\n")).unwrap();
    let (database, secret, missing) = (path("database"), path("secret"), path("missing"));
    let (key, sealing) = (path("key"), path("sealing"));
    let variables = |secret| {
        [
            PRODUCTION[0],
            PRODUCTION[4],
            PRODUCTION[5],
            ("JWT_SIGNING_KEY_FILE", key.as_str()),
            ("DATABASE_URL_FILE", database.as_str()),
            ("QR_SIGNING_SECRET_FILE", secret),
            ("MFA_ENCRYPTION_KEY_FILE", sealing.as_str()),
        ]
    };
    let output = run(folder.path(), &["config"], &variables(&secret));
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).contains("@127.0.0.1:1/none"));
    let text = complaint(&run(folder.path(), &["config"], &variables(&missing)));
    assert!(
        text.contains("QR_SIGNING_SECRET_FILE") && text.contains(&missing),
        "{text}"
    );
}

#[test]
fn a_misspelt_setting_stops_the_start_and_is_named() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("surtidor.toml"), "[server]\nprot = 1\n").unwrap();
    let text = complaint(&run(folder.path(), &["config"], &[]));
    assert!(text.contains("prot"), "{text}");
    fs::write(folder.path().join("surtidor.toml"), "").unwrap();
    let text = complaint(&run(folder.path(), &["config"], &[("SERVER_PORT", "http")]));
    assert!(text.contains("port"), "{text}");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_secret_that_is_too_short_stops_the_start(_: PgPoolOptions, options: PgConnectOptions) {
    let folder = tempdir().unwrap();
    let url = database_url(&options);
    for name in ["QR_SIGNING_SECRET", "MFA_ENCRYPTION_KEY"] {
        let variables = [("DATABASE_URL", url.as_str()), (name, "short")];
        let text = complaint(&run(folder.path(), &["serve"], &variables));
        assert!(text.contains(name) && text.contains("32"), "{text}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_key_that_is_none_stops_the_start_and_is_named(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let folder = tempdir().unwrap();
    let url = database_url(&options);
    let bad = "a secret of thirty-two characters";
    for variables in [
        [("JWT_SIGNING_KEY", bad), ("JWT_PREVIOUS_KEYS", "")],
        [("JWT_SIGNING_KEY", JWT_KEY), ("JWT_PREVIOUS_KEYS", bad)],
        [("JWT_SIGNING_KEY", ""), ("JWT_PREVIOUS_KEYS", bad)],
    ] {
        let [(first, one), (second, other)] = variables;
        let name = if one == bad { first } else { second };
        let variables = [
            ("DATABASE_URL", url.as_str()),
            ("QR_SIGNING_SECRET", QR_SECRET),
            (first, one),
            (second, other),
        ];
        let text = complaint(&run(folder.path(), &["serve"], &variables));
        assert!(text.contains(name) && !text.contains(bad), "{text}");
    }
}

#[test]
fn a_key_is_made_before_there_are_any_settings_and_never_twice() {
    let folder = tempdir().unwrap();
    let fresh = || {
        let output = run(folder.path(), &["keys", "new"], &PRODUCTION[..1]);
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let key = fresh();
    assert!(key.starts_with("-----BEGIN PRIVATE KEY-----"), "{key}");
    assert_ne!(key, fresh());
    let mut variables = PRODUCTION.to_vec();
    variables[3].1 = &key;
    assert!(run(folder.path(), &["config"], &variables).status.success());
}

#[sqlx::test(migrations = "../migrations")]
async fn known_mistake_6_no_secret_is_built_in_to_sign_with(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let folder = tempdir().unwrap();
    // Production does not start without one.
    for (missing, name) in [
        (2, "QR_SIGNING_SECRET"),
        (3, "JWT_SIGNING_KEY"),
        (6, "MFA_ENCRYPTION_KEY"),
    ] {
        let mut variables = PRODUCTION.to_vec();
        variables.remove(missing);
        let text = complaint(&run(folder.path(), &["serve"], &variables));
        assert!(text.contains(name), "{text}");
    }
    // Development draws one at every start.
    let mut published = Vec::new();
    for _ in 0..2 {
        let program = Program::serve(folder.path(), &database_url(&options));
        let keys = Browser::new(&program.url)
            .get("/.well-known/jwks.json")
            .await;
        published.push(keys.json()["keys"][0]["kid"].clone());
        program.kill();
    }
    assert!(published[0].is_string());
    assert_ne!(published[0], published[1]);
}

#[sqlx::test]
async fn the_program_migrates_an_empty_database_and_serves_it(
    pool: PgPoolOptions,
    options: PgConnectOptions,
) {
    let folder = tempdir().unwrap();
    // Tests may be given copies of a database that is migrated already.
    let db = pool.connect_with(options.clone()).await.unwrap();
    db.execute("drop schema public cascade; create schema public")
        .await
        .unwrap();
    db.close().await;
    let program = Program::serve(folder.path(), &database_url(&options));
    let browser = Browser::new(&program.url);
    assert_eq!(browser.get("/monitoring/health/ready").await.status, 200);
    assert_eq!(browser.get("/offers").await.status, 200);
    program.kill();
}

#[sqlx::test(migrations = "../migrations")]
async fn the_first_admin_is_invited_at_the_terminal_once(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let folder = tempdir().unwrap();
    let url = database_url(&options);
    let server = Program::serve(folder.path(), &url);
    let variables = [
        ("DATABASE_URL", url.as_str()),
        ("SURTIDOR_PUBLIC_URL", &server.url),
    ];
    let invite = ["admin", "invite", "Root@Example.mx", "Ruth"];
    let output = run(folder.path(), &invite, &variables);
    let link = String::from_utf8(output.stdout).unwrap();
    let path = link.trim().strip_prefix(&server.url).unwrap();
    let browser = Browser::new(&server.url);
    let token = browser.get(path).await.input("token").unwrap().to_owned();
    let fields = [
        ("token", token.as_str()),
        ("password", "lluvia sobre surtidor"),
    ];
    browser
        .submit(path, "/api/identity/reset-password", &fields)
        .await;
    browser
        .sign_in("root@example.mx", "lluvia sobre surtidor")
        .await;
    assert_eq!(browser.get("/admin/merchants").await.status, 200);
    let text = complaint(&run(folder.path(), &invite, &variables));
    assert!(text.contains("has an account already"), "{text}");
}
