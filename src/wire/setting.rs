//! How a default can be changed by name.
//!
//! Every constant of Kubernetes stands once, in the configuration of the component that uses it,
//! with the name of the real flag. A room lists its settings beside that configuration; the
//! cluster joins the lists, and a scenario changes any of them.

use crate::kernel::Span;

/// One changeable default of a configuration `C`.
#[derive(Clone, Copy, Debug)]
pub struct Setting<C: 'static> {
    /// The real flag or field: `node-monitor-grace-period`.
    pub name: &'static str,
    /// Where upstream says so.
    pub source: &'static str,
    /// Reads a text into the configuration; the error says what was expected.
    pub set: fn(&mut C, &str) -> Result<(), &'static str>,
    /// The present value, as text.
    pub get: fn(&C) -> String,
}

/// A value that can be read from a setting's text.
pub trait SettingValue: Sized {
    /// What is expected, for the error.
    const EXPECTED: &'static str;
    /// Reads it.
    fn read(text: &str) -> Option<Self>;
    /// Writes it.
    fn write(&self) -> String;
}

macro_rules! plain_values {
    ($($type:ty: $expected:literal),* $(,)?) => {
        $(impl SettingValue for $type {
            const EXPECTED: &'static str = $expected;
            fn read(text: &str) -> Option<Self> { text.parse().ok() }
            fn write(&self) -> String { self.to_string() }
        })*
    };
}

plain_values!(
    Span: "a duration such as 50s",
    bool: "true or false",
    u32: "a whole number",
    u64: "a whole number",
    i32: "a whole number",
    i64: "a whole number",
    usize: "a whole number",
    f64: "a number",
);

/// Declares a setting of a configuration field by its real name.
///
/// `setting!(Config, node_monitor_period, "node-monitor-period", "kubernetes/kubernetes:…")`
#[macro_export]
macro_rules! setting {
    ($config:ty, $($field:ident).+, $name:literal, $source:expr) => {
        $crate::wire::setting::Setting::<$config> {
            name: $name,
            source: $source,
            set: |config, text| {
                config.$($field).+ = $crate::wire::setting::read(text)?;
                Ok(())
            },
            get: |config| $crate::wire::setting::SettingValue::write(&config.$($field).+),
        }
    };
}

/// Reads a value, or says what was expected.
pub fn read<V: SettingValue>(text: &str) -> Result<V, &'static str> {
    V::read(text).ok_or(V::EXPECTED)
}
