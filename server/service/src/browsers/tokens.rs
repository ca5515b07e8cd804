//! The tokens in the cookie of a known browser: one for each user that it is known to. What happens for one of them changes
//! nothing of another.

use app::types::secret_text::SecretText;

use super::known_hash;
use crypto::token::Token;

/// Users that one browser stays known to: those who signed in last. The cookie has 351 characters at most, and one
/// statement looks up as many hashes.
pub const MOST_TOKENS: usize = 8;
const BETWEEN: char = '.';

/// The tokens by which a browser is known, the one used last first.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct KnownTokens(Vec<Token>);

impl KnownTokens {
    /// Parses what [`Self::to_text`] gives. Versions before wrote a single token, which reads as a list of one. Anything
    /// else, and a longer list, is none.
    pub fn parse(text: &str) -> Option<Self> {
        // One more than there may be: a long value costs no more than that.
        let parts = text.split(BETWEEN).take(MOST_TOKENS + 1).map(Token::parse);
        let tokens: Vec<_> = parts.collect::<Option<_>>()?;
        (tokens.len() <= MOST_TOKENS).then_some(Self(tokens))
    }

    /// As they travel: joined by full stops, which no token has.
    pub fn to_text(&self) -> SecretText {
        let mut text = String::with_capacity(MOST_TOKENS * 44);
        for token in &self.0 {
            if !text.is_empty() {
                text.push(BETWEEN);
            }
            text.push_str(token.to_text().expose());
        }
        SecretText::new(text)
    }

    /// What the database has of them.
    pub fn hashes(&self) -> Vec<[u8; 32]> {
        self.0.iter().map(known_hash).collect()
    }

    /// The token with this hash.
    pub(super) fn of_hash(&self, hash: &[u8; 32]) -> Option<&Token> {
        self.0.iter().find(|token| known_hash(token) == *hash)
    }

    /// This token, then those of the list whose hash is in use, as many as there may be.
    pub(super) fn led_by(&self, first: Token, is_in_use: impl Fn(&[u8; 32]) -> bool) -> Self {
        let mut tokens = vec![first];
        for token in &self.0 {
            if tokens.len() < MOST_TOKENS
                && !tokens.contains(token)
                && is_in_use(&known_hash(token))
            {
                tokens.push(token.clone());
            }
        }
        Self(tokens)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(count: u8) -> Vec<Token> {
        (0..count).map(|n| Token::of([n; 32])).collect()
    }

    fn text(count: u8) -> String {
        let texts: Vec<_> = tokens(count)
            .iter()
            .map(|token| token.to_text().expose().to_owned())
            .collect();
        texts.join(".")
    }

    #[test]
    fn a_list_of_one_to_eight_tokens_reads_as_it_is_written_and_nothing_else_does() {
        for count in 1..=8 {
            let read = KnownTokens::parse(&text(count)).unwrap();
            assert!(read == KnownTokens(tokens(count)), "{count}");
            assert_eq!(read.to_text().expose(), text(count));
        }
        let one = text(1);
        let wrong = [
            String::new(),
            ".".to_owned(),
            text(9),
            text(200),
            format!("{one}."),
            format!(".{one}"),
            format!("{one}..{one}"),
            format!("{one},{one}"),
            format!("{one}.{}", &one[1..]),
        ];
        for text in wrong {
            assert!(KnownTokens::parse(&text).is_none(), "{text}");
        }
    }

    #[test]
    fn another_token_leads_those_in_use_and_the_oldest_gives_way() {
        let list = KnownTokens(tokens(8));
        let new = Token::of([99; 32]);
        let led = list.led_by(new.clone(), |_| true);
        assert!(led.0[0] == new && led.0[1..] == tokens(7));
        let gone = known_hash(&Token::of([3; 32]));
        let led = list.led_by(new, |hash| *hash != gone);
        let kept: Vec<_> = tokens(8)
            .into_iter()
            .filter(|it| known_hash(it) != gone)
            .collect();
        assert!(led.0[1..] == kept);
        let led = list.led_by(Token::of([5; 32]), |_| true);
        assert!(led.0.len() == 8 && led.0[0] == Token::of([5; 32]));
    }
}
