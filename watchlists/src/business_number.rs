//! Taiwan's unified business number (統一編號): eight digits with a check sum.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What each digit counts in the check sum.
const WEIGHTS: [u32; 8] = [1, 2, 1, 2, 1, 2, 4, 1];

/// The sum must be divisible by this. Numbers issued before April 2023 are divisible by 10; the
/// Ministry of Finance (財政部, 營利事業統一編號檢查碼邏輯修正說明) widened the rule to 5 because
/// the numbers were running out, so both are valid under the one rule.
const DIVISOR: u32 = 5;

/// A unified business number whose check sum is right; whether it was ever issued is not known
/// from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BusinessNumber([u8; 8]);

/// Why a text is no unified business number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BusinessNumberError {
    /// Nothing was written.
    #[error("the unified business number is empty: write its eight digits")]
    Empty,
    /// Fewer or more than eight characters.
    #[error("the unified business number {text:?} has {chars} characters: write its eight digits")]
    Length {
        /// What was written, without white space around it.
        text: String,
        /// Its length in characters.
        chars: usize,
    },
    /// A character that is no digit.
    #[error("the unified business number {text:?} has {found:?} at place {place}: only digits belong in it")]
    NotADigit {
        /// What was written.
        text: String,
        /// The first character that is no digit.
        found: char,
        /// Its place, from 1.
        place: usize,
    },
    /// All zeros: the sum is right, the number is nobody's.
    #[error("the unified business number 00000000 is nobody's: write the organisation's own")]
    Zero,
    /// The check sum is wrong, so at least one digit is.
    #[error("the unified business number {text} has a wrong check digit: compare it with the registration")]
    CheckSum {
        /// The eight digits.
        text: String,
    },
}

impl BusinessNumber {
    /// Reads eight digits, full-width ones included; white space around them is ignored.
    ///
    /// # Errors
    ///
    /// Says which rule the text breaks.
    pub fn parse(text: &str) -> Result<BusinessNumber, BusinessNumberError> {
        let text = text.trim();
        let chars = text.chars().count();
        if chars == 0 {
            return Err(BusinessNumberError::Empty);
        }
        let mut digits = [0; 8];
        if chars != digits.len() {
            return Err(BusinessNumberError::Length { text: text.to_owned(), chars });
        }
        for (index, (digit, c)) in digits.iter_mut().zip(text.chars()).enumerate() {
            *digit = digit_of(c).ok_or_else(|| BusinessNumberError::NotADigit {
                text: text.to_owned(),
                found: c,
                place: index + 1,
            })?;
        }
        BusinessNumber(digits).checked()
    }

    fn checked(self) -> Result<BusinessNumber, BusinessNumberError> {
        if self.0 == [0; 8] {
            Err(BusinessNumberError::Zero)
        } else if has_valid_sum(&self.0) {
            Ok(self)
        } else {
            Err(BusinessNumberError::CheckSum { text: self.to_string() })
        }
    }
}

/// The value of an ASCII or full-width digit.
fn digit_of(c: char) -> Option<u8> {
    let ascii = match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32)?,
        c => c,
    };
    ascii.to_digit(10).and_then(|digit| u8::try_from(digit).ok())
}

/// The digits of every product are added up. A seventh digit of 7 makes 28, whose digits make 10,
/// which counts as 1 or as 0: one of the two sums must be divisible.
fn has_valid_sum(digits: &[u8; 8]) -> bool {
    let products = digits.iter().zip(WEIGHTS).map(|(&digit, weight)| u32::from(digit) * weight);
    let sum: u32 = products.map(|product| product / 10 + product % 10).sum();
    sum.is_multiple_of(DIVISOR) || (digits[6] == 7 && (sum + 1).is_multiple_of(DIVISOR))
}

impl fmt::Display for BusinessNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: String = self.0.iter().map(|&digit| char::from(b'0' + digit)).collect();
        f.pad(&text)
    }
}

impl FromStr for BusinessNumber {
    type Err = BusinessNumberError;

    fn from_str(text: &str) -> Result<Self, BusinessNumberError> {
        BusinessNumber::parse(text)
    }
}

impl TryFrom<String> for BusinessNumber {
    type Error = BusinessNumberError;

    fn try_from(text: String) -> Result<Self, BusinessNumberError> {
        BusinessNumber::parse(&text)
    }
}

impl From<BusinessNumber> for String {
    fn from(number: BusinessNumber) -> String {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_old_rule_are_valid() {
        // 2+4+0+9+9+2+3+1 = 30
        assert_eq!(BusinessNumber::parse(" 22099131 ").expect("number").to_string(), "22099131");
        // 1+0+4+1+8+1+(2+8)+5 = 30, with 7 in the seventh place
        assert!(BusinessNumber::parse("10458575").is_ok());
    }

    #[test]
    fn numbers_of_the_widened_rule_are_valid() {
        // 2+4+0+9+9+2+3+6 = 35
        assert!(BusinessNumber::parse("22099136").is_ok());
    }

    #[test]
    fn a_seventh_digit_of_seven_has_two_sums() {
        // 1+0+4+1+8+1+10+4 = 29: valid as 30
        assert!(BusinessNumber::parse("10458574").is_ok());
        // 1+0+4+1+8+1+10+3 = 28: neither 28 nor 29
        assert!(BusinessNumber::parse("10458573").is_err());
        // the same sum of 29 without the 7 (1+0+4+1+8+1+(2+4)+8) is wrong
        assert!(BusinessNumber::parse("10458568").is_err());
    }

    #[test]
    fn a_single_wrong_digit_is_found() {
        let error = BusinessNumber::parse("22099132").expect_err("wrong");
        assert_eq!(error, BusinessNumberError::CheckSum { text: "22099132".into() });
    }

    #[test]
    fn other_text_is_refused_with_its_reason() {
        let refused = |text| BusinessNumber::parse(text).expect_err(text);
        assert_eq!(refused("  "), BusinessNumberError::Empty);
        assert!(matches!(refused("2209913"), BusinessNumberError::Length { chars: 7, .. }));
        assert!(matches!(refused("220991311"), BusinessNumberError::Length { chars: 9, .. }));
        let letter = refused("2209913A");
        assert!(matches!(letter, BusinessNumberError::NotADigit { found: 'A', place: 8, .. }));
        assert_eq!(refused("00000000"), BusinessNumberError::Zero);
        assert!(BusinessNumber::parse("２２０９９１３１").is_ok());
    }
}
