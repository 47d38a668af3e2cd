fn main() {}

#[test]
fn starts() {}

#[test]
fn stops() {}
