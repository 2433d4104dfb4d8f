//! Reading `/metrics` (Prometheus text format 0.0.4).

/// The sum over all series of this name, or `None` where there is none.
pub fn sum(text: &str, name: &str) -> Option<f64> {
    sum_where(text, name, "")
}

/// The sum over all series of this name whose labels contain `label` (`status="200"`).
pub fn sum_where(text: &str, name: &str, label: &str) -> Option<f64> {
    let mut found = None;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((series, value)) = line.rsplit_once(' ') else { continue };
        let (series_name, labels) = series.split_once('{').unwrap_or((series, ""));
        if series_name == name
            && labels.contains(label)
            && let Ok(value) = value.parse::<f64>()
        {
            found = Some(found.unwrap_or(0.0) + value);
        }
    }
    found
}
