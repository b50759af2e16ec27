//! Reading a file of the regulator: both have the same shape, a list of places with fields.

use std::{
    fs,
    io::{self, BufRead, Read},
    path::Path,
};

use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
};

/// A `<place>` of either file.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct Place {
    /// The line it begins on, from 1.
    pub line: u64,
    /// Its `place_id`, trimmed; empty when missing.
    pub id: String,
    /// The elements below it that hold text, in their order.
    pub fields: Vec<Field>,
}

/// An element with text, such as `<gas_price type="regular">24.99</gas_price>`.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct Field {
    /// The line it begins on, from 1.
    pub line: u64,
    /// The element's name.
    pub name: String,
    /// Its `type`.
    pub kind: String,
    /// Its text, as it stands.
    pub text: String,
}

impl Place {
    /// The text of the first field of a name.
    pub(super) fn text(&self, name: &str) -> &str {
        self.fields
            .iter()
            .find(|field| field.name == name)
            .map_or("", |field| &field.text)
    }
}

/// Why a file cannot be read to its end.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct Malformed {
    /// The line where reading stopped.
    pub line: u64,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with a file as a whole.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// It is not well-formed XML, or it could not be read.
    #[error(transparent)]
    Xml(#[from] quick_xml::Error),
    /// It stops in the middle.
    #[error("the file ends too early")]
    EndsEarly,
    /// It uses an entity that XML does not define by itself.
    #[error("the entity &{0}; is not known")]
    UnknownEntity(String),
}

/// Reads every place, telling each with the number of bytes read so far.
pub(super) fn read_places(
    input: impl BufRead,
    mut tell: impl FnMut(Place, u64),
) -> Result<(), Malformed> {
    let mut reader = Reader::from_reader(Counted {
        inner: input,
        bytes: 0,
        line: 1,
    });
    let mut buffer = Vec::new();
    let mut state = State::default();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(Problem::from);
        let (line, bytes) = (reader.get_ref().line, reader.get_ref().bytes);
        let step = event.and_then(|event| state.step(event, line));
        match step.map_err(|problem| Malformed { line, problem })? {
            Step::Go => {}
            Step::Place(place) => tell(place, bytes),
            Step::End => return Ok(()),
        }
    }
}

/// What has been opened and not yet closed.
#[derive(Default)]
struct State {
    depth: usize,
    seen_root: bool,
    place: Option<Place>,
    field: Option<Field>,
}

enum Step {
    Go,
    Place(Place),
    End,
}

impl State {
    fn step(&mut self, event: Event<'_>, line: u64) -> Result<Step, Problem> {
        match event {
            Event::Start(start) => self.open(&start, line)?,
            Event::Empty(start) => {
                self.open(&start, line)?;
                return Ok(self.close());
            }
            Event::End(_) => return Ok(self.close()),
            Event::Text(text) => self.push(&text.decode().map_err(quick_xml::Error::from)?),
            Event::CData(text) => self.push(&text.decode().map_err(quick_xml::Error::from)?),
            Event::GeneralRef(entity) => self.push(&resolve(&entity)?),
            Event::Eof if self.depth > 0 || !self.seen_root => return Err(Problem::EndsEarly),
            Event::Eof => return Ok(Step::End),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
        Ok(Step::Go)
    }

    fn open(&mut self, start: &BytesStart<'_>, line: u64) -> Result<(), Problem> {
        self.depth += 1;
        self.seen_root = true;
        if self.place.is_some() {
            // An element inside a field, such as <x> in <location>, takes the field's place.
            self.field = Some(Field {
                line,
                name: String::from_utf8_lossy(start.name().as_ref()).into_owned(),
                kind: attribute(start, "type")?,
                text: String::new(),
            });
        } else if start.name().as_ref() == b"place" {
            self.place = Some(Place {
                line,
                id: attribute(start, "place_id")?,
                fields: Vec::new(),
            });
        }
        Ok(())
    }

    fn close(&mut self) -> Step {
        self.depth = self.depth.saturating_sub(1);
        let Some(place) = &mut self.place else {
            return Step::Go;
        };
        if let Some(field) = self.field.take() {
            place.fields.push(field);
        }
        // The root is one level, a place the second.
        if self.depth < 2 {
            self.place.take().map_or(Step::Go, Step::Place)
        } else {
            Step::Go
        }
    }

    fn push(&mut self, text: &str) {
        if let Some(field) = &mut self.field {
            field.text.push_str(text);
        }
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Result<String, Problem> {
    let found = start
        .try_get_attribute(name)
        .map_err(quick_xml::Error::from)?;
    let value = found
        .map(|attribute| attribute.unescape_value())
        .transpose()?;
    Ok(value.unwrap_or_default().trim().to_owned())
}

fn resolve(entity: &BytesRef<'_>) -> Result<String, Problem> {
    if let Some(letter) = entity.resolve_char_ref()? {
        return Ok(letter.to_string());
    }
    let name = entity.decode().map_err(quick_xml::Error::from)?;
    resolve_predefined_entity(&name)
        .map(str::to_owned)
        .ok_or_else(|| Problem::UnknownEntity(name.into_owned()))
}

/// Counts what has been consumed.
struct Counted<R> {
    inner: R,
    bytes: u64,
    line: u64,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let filled = self.fill_buf()?;
        let amount = filled.len().min(into.len());
        into[..amount].copy_from_slice(&filled[..amount]);
        self.consume(amount);
        Ok(amount)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // What is about to be consumed is still in the buffer, so this reads nothing.
        if let Ok(filled) = self.inner.fill_buf() {
            for _ in filled[..amount].split(|&byte| byte == b'\n').skip(1) {
                self.line += 1;
            }
        }
        self.bytes += amount as u64;
        self.inner.consume(amount);
    }
}

/// The content of a file, unpacked when its name ends in `.xz`.
///
/// The largest known file is 3 MB unpacked, so it is held in memory.
pub(super) fn content(path: &Path) -> io::Result<Vec<u8>> {
    let bytes = fs::read(path)?;
    if path
        .extension()
        .is_none_or(|extension| !extension.eq_ignore_ascii_case("xz"))
    {
        return Ok(bytes);
    }
    let mut unpacked = Vec::new();
    lzma_rs::xz_decompress(&mut bytes.as_slice(), &mut unpacked)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, format!("{error:?}")))?;
    Ok(unpacked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(xml: &str) -> Result<Vec<Place>, Malformed> {
        let mut places = Vec::new();
        read_places(xml.as_bytes(), |place, _| places.push(place))?;
        Ok(places)
    }

    #[test]
    fn a_place_comes_with_its_fields_and_lines() {
        let xml = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<places>\n\
                   <place place_id=\" 7 \">\n<name>A &amp; B &#241;</name>\n\
                   <location>\n<x>-99.1</x><y/></location>\n</place>\n\
                   <place><gas_price type=\"diesel\">24.9</gas_price></place></places>";
        let places = read(xml).unwrap();
        assert_eq!(places.len(), 2);
        assert_eq!((places[0].id.as_str(), places[0].line), ("7", 3));
        assert_eq!(places[0].text("name"), "A & B ñ");
        assert_eq!(places[0].text("x"), "-99.1");
        assert_eq!(places[0].text("y"), "");
        assert_eq!(places[1].id, "");
        let price = Field {
            line: 8,
            name: "gas_price".into(),
            kind: "diesel".into(),
            text: "24.9".into(),
        };
        assert_eq!(places[1].fields, [price]);
    }

    #[test]
    fn a_file_that_stops_in_the_middle_is_refused() {
        for xml in [
            "",
            "<places>",
            "<places><place place_id=\"1\"></place>",
            "<places><pla",
        ] {
            assert!(read(xml).is_err(), "{xml}");
        }
    }

    #[test]
    fn what_is_not_well_formed_is_refused_with_its_line() {
        assert_eq!(read("<places>\n\n</place>").unwrap_err().line, 3);
        assert!(read("<places>&nbsp;</places>").is_err());
    }

    #[test]
    fn the_bytes_read_grow_to_the_length_of_the_file() {
        let xml = "<a><place place_id='1'/>\n<place place_id='2'/></a>";
        let mut told = Vec::new();
        read_places(xml.as_bytes(), |_, bytes| told.push(bytes)).unwrap();
        assert_eq!(told, [24, xml.len() as u64 - 4]);
    }
}
