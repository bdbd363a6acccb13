//! Competition ranking: equal scores share a rank, and the next one counts on (1, 2, 2, 4).

use rust_decimal::Decimal;

/// The order and the ranks of scores, highest first.
///
/// Gives (index into `scores`, rank) in printed order. Equal scores stand in
/// the order in which they are given, which is the official one.
pub fn competition_ranks(scores: &[Decimal]) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores.get(b).cmp(&scores.get(a)));
    let mut ranked: Vec<(usize, usize)> = Vec::with_capacity(order.len());
    for (position, index) in order.into_iter().enumerate() {
        let rank = match ranked.last() {
            Some(&(previous, rank)) if scores.get(previous) == scores.get(index) => rank,
            _ => position + 1,
        };
        ranked.push((index, rank));
    }
    ranked
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_tie_shares_its_rank_and_the_next_counts_on() {
        let scores = [99, 100, 98, 99].map(Decimal::from);
        assert_eq!(competition_ranks(&scores), [(1, 1), (0, 2), (3, 2), (2, 4)]);
    }

    proptest! {
        #[test]
        fn a_rank_is_one_more_than_the_number_of_better_scores(scores in prop::collection::vec(0i64..20, 0..40)) {
            let scores: Vec<Decimal> = scores.into_iter().map(|score| Decimal::new(score, 1)).collect();
            let ranked = competition_ranks(&scores);
            prop_assert_eq!(ranked.len(), scores.len());
            for (index, rank) in &ranked {
                let better = scores.iter().filter(|score| **score > scores[*index]).count();
                prop_assert_eq!(*rank, better + 1);
            }
            for pair in ranked.windows(2) {
                let ((first, rank), (second, next)) = (pair[0], pair[1]);
                prop_assert!(rank < next || first < second, "ties stand in the given order");
            }
        }
    }
}
