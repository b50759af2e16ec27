//! One style sheet out of many.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

/// Puts what the main sheet imports in the place of each `@import`, and takes out comments and
/// indentation. An absent main sheet is an empty one.
///
/// # Errors
/// When an imported sheet is missing or an `@import` has a form that is not understood.
pub fn bundle(main: &Path) -> Result<String> {
    if !main.exists() {
        return Ok(String::new());
    }
    Ok(trim(&inline(main)?))
}

fn inline(sheet: &Path) -> Result<String> {
    let text = fs::read_to_string(sheet)
        .with_context(|| format!("cannot read the style sheet {}", sheet.display()))?;
    let mut whole = String::new();
    for line in text.lines() {
        match line.trim_start().strip_prefix("@import") {
            None => {
                whole.push_str(line);
                whole.push('\n');
            }
            Some(rest) => {
                let Some((name, layer)) = parse_import(rest) else {
                    bail!("{}: not understood: {line}", sheet.display());
                };
                let imported = inline(&sheet.with_file_name(name))?;
                match layer {
                    None => whole.push_str(&imported),
                    Some(layer) => {
                        whole.extend(["@layer ", layer, " {\n", &imported, "}\n"]);
                    }
                }
            }
        }
    }
    Ok(whole)
}

/// The file and the layer in what follows `@import`: `"a.css";` or `url("a.css") layer(base);`.
fn parse_import(rest: &str) -> Option<(&str, Option<&str>)> {
    let rest = rest.trim().strip_suffix(';')?.trim();
    let rest = rest.strip_prefix("url(").unwrap_or(rest);
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (name, rest) = rest[1..].split_once(quote)?;
    let rest = rest.strip_prefix(')').unwrap_or(rest).trim();
    if rest.is_empty() {
        return Some((name, None));
    }
    let layer = rest.strip_prefix("layer(")?.strip_suffix(')')?;
    Some((name, Some(layer.trim())))
}

/// Takes out comments, indentation and empty lines, but nothing inside quotes.
fn trim(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut quote = None;
    while let Some(character) = characters.next() {
        match (quote, character) {
            (None, '/') if characters.peek() == Some(&'*') => {
                let mut previous = ' ';
                characters.next();
                for inside in characters.by_ref() {
                    if previous == '*' && inside == '/' {
                        break;
                    }
                    previous = inside;
                }
                continue;
            }
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            (Some(_), '\\') => {
                bare.push(character);
                bare.extend(characters.next());
                continue;
            }
            _ => {}
        }
        bare.push(character);
    }
    let lines = bare.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.fold(String::new(), |whole, line| whole + line + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_understood_with_and_without_a_layer() {
        assert_eq!(parse_import(r#" "a.css";"#), Some(("a.css", None)));
        assert_eq!(
            parse_import(" url('b/c.css') layer(base);"),
            Some(("b/c.css", Some("base")))
        );
        assert_eq!(parse_import(r#" "a.css" screen;"#), None);
    }

    #[test]
    fn sheets_are_joined_in_the_order_of_the_imports() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write(
            "main.css",
            "@layer b, a;\n@import \"b.css\" layer(b);\n@import \"a.css\";\n",
        );
        write("a.css", "a { color: red; }\n");
        write("b.css", "b {\n  color: blue;\n}\n");
        assert_eq!(
            bundle(&folder.path().join("main.css")).unwrap(),
            "@layer b, a;\n@layer b {\nb {\ncolor: blue;\n}\n}\na { color: red; }\n"
        );
    }

    #[test]
    fn comments_go_and_quoted_text_stays() {
        assert_eq!(
            trim("a /* x */ {\n\n  content: \"/* \\\" */\"; /* y\n z */\n}"),
            "a  {\ncontent: \"/* \\\" */\";\n}\n"
        );
    }

    #[test]
    fn without_a_main_sheet_there_is_an_empty_one() {
        assert_eq!(bundle(Path::new("/nowhere/main.css")).unwrap(), "");
    }
}
