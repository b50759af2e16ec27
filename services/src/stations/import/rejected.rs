//! What an import leaves out, and why.

use std::io;

/// Which of the two files.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum File {
    /// The stations.
    Places,
    /// Their prices.
    Prices,
}

impl File {
    /// The name in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Places => "places",
            Self::Prices => "prices",
        }
    }
}

/// Why a row was left out.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Reason {
    /// No `place_id`.
    MissingId,
    /// Another row above has the same `place_id`.
    DuplicatePlace,
    /// Another row above has the same permit.
    DuplicatePermit,
    /// No name, or one of more than 200 characters.
    UnusableName,
    /// No coordinates: absent, blank, or 0 and 0.
    MissingCoordinates,
    /// Coordinates that are no numbers.
    UnreadableCoordinates,
    /// Coordinates elsewhere, exchanged or not.
    OutsideMexico,
    /// The station itself was left out.
    StationRejected,
    /// The file of stations does not have the station.
    StationNotListed,
    /// Neither regular, premium nor diesel.
    UnknownFuel,
    /// A price that is no number of pesos and centavos.
    UnreadablePrice,
    /// A price that nobody asks, such as 0, 0.01 or 1.00.
    ImplausiblePrice,
    /// The file has a higher price for the same station and fuel. The higher one is kept, so that
    /// nobody is promised less than the pump asks.
    ConflictingPrice,
}

impl Reason {
    /// The stable code in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MissingId => "MISSING_ID",
            Self::DuplicatePlace => "DUPLICATE_PLACE",
            Self::DuplicatePermit => "DUPLICATE_PERMIT",
            Self::UnusableName => "UNUSABLE_NAME",
            Self::MissingCoordinates => "MISSING_COORDINATES",
            Self::UnreadableCoordinates => "UNREADABLE_COORDINATES",
            Self::OutsideMexico => "OUTSIDE_MEXICO",
            Self::StationRejected => "STATION_REJECTED",
            Self::StationNotListed => "STATION_NOT_LISTED",
            Self::UnknownFuel => "UNKNOWN_FUEL",
            Self::UnreadablePrice => "UNREADABLE_PRICE",
            Self::ImplausiblePrice => "IMPLAUSIBLE_PRICE",
            Self::ConflictingPrice => "CONFLICTING_PRICE",
        }
    }
}

/// A row that was left out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rejected {
    /// The file it stands in.
    pub file: File,
    /// Its line there, from 1.
    pub line: u64,
    /// Its `place_id`; empty when missing.
    pub place_id: String,
    /// Why.
    pub reason: Reason,
    /// The value that is to blame.
    pub detail: String,
}

/// Writes the rows as CSV with a header.
///
/// # Errors
/// When the output cannot be written.
pub fn write_csv(rejected: &[Rejected], output: impl io::Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(output);
    csv.write_record(["file", "line", "place_id", "reason", "detail"])?;
    for row in rejected {
        csv.write_record([
            row.file.as_str(),
            &row.line.to_string(),
            &row.place_id,
            row.reason.as_str(),
            &row.detail,
        ])?;
    }
    csv.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejected_rows_are_written_as_csv() {
        let row = Rejected {
            file: File::Places,
            line: 12,
            place_id: "7".to_owned(),
            reason: Reason::OutsideMexico,
            detail: "x 0.5, y 1".to_owned(),
        };
        let mut output = Vec::new();
        write_csv(&[row], &mut output).unwrap();
        assert_eq!(
            String::from_utf8(output).unwrap(),
            "file,line,place_id,reason,detail\nplaces,12,7,OUTSIDE_MEXICO,\"x 0.5, y 1\"\n"
        );
    }
}
