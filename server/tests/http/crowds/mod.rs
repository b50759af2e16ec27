//! What many people do at the same moment. `cargo xtask test` gives each of these the machine to itself: beside others
//! they would be told to come back later, and rightly.

mod crash;
mod departures;
mod redeem_races;
