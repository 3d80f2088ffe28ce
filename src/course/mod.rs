//! The course: chapters, exercises and quizzes as data, and the judge of what a learner wrote.
//!
//! | file | what lives there |
//! |---|---|
//! | `shelf` | the texts that travel with the program, and the learner's desk before them |
//! | `read` | from RON to values, with the diagnostics of the scenario language |
//! | `chapter`, `prose` | a chapter: its head, its passages with their moments, its plain text |
//! | `correction` | what the notes say, and what is true |
//! | `quiz` | questions with known answers |
//! | `exercise` | what stands in an `exercise.ron` |
//! | `answer` | the learner's answers |
//! | `judge` | the learner's file against its exercise: runs, sentences, causes |
//! | `attempt` | one save: its verdict, and the runs to look at |
//! | `questions` | predictions beside outcomes |
//! | `mistakes` | errors that many make |
//! | `verify` | what an author is told about an exercise |
//! | `progress` | what the learner has done, as text |
//! | `salvage` | what can still be read of a progress file that is broken |
//!
//! The room opens no file: the learner's texts come in through
//! [`Sources`](crate::scenario::source::Sources).
//!
//! Floor: 6
//! Imports: kernel, observe, scenario, lab, tell, texts

pub mod answer;
pub mod attempt;
pub mod chapter;
pub mod correction;
pub mod exercise;
pub mod judge;
mod mistakes;
pub mod progress;
mod prose;
mod questions;
pub mod quiz;
pub mod read;
pub mod salvage;
pub mod shelf;
pub mod verify;

pub use attempt::{Attempt, Stretch, attempt};
pub use chapter::{Chapter, chapter};
pub use exercise::{Exercise, exercise};
pub use judge::{Line, Verdict, Work, judge, more_seeds, work};
pub use progress::{Progress, Record, State};
