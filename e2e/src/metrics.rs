//! Reading `/metrics` (Prometheus text format 0.0.4).

/// The sum over all series of this name, or `None` where there is none.
pub fn sum(text: &str, name: &str) -> Option<f64> {
    let mut found = None;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((series, value)) = line.rsplit_once(' ') else { continue };
        let series_name = series.split('{').next().unwrap_or_default();
        if series_name == name
            && let Ok(value) = value.parse::<f64>()
        {
            found = Some(found.unwrap_or(0.0) + value);
        }
    }
    found
}
