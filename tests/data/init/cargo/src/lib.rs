pub fn total(prices: &[u32]) -> u32 {
    prices.iter().sum()
}

#[cfg(test)]
mod tests {
    #[test]
    fn adds() {
        assert_eq!(super::total(&[1, 2]), 3);
    }

    #[test]
    fn is_wrong() {
        assert_eq!(super::total(&[1]), 2);
    }
}
