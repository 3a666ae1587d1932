//! The vocabularies that terms and texts are made of.

use std::collections::HashSet;

use crate::random::Random;

/// Frequent English words, most frequent first; rarer ones are made of syllables.
const ENGLISH: &str = "the of and to in a is that for it as was with be by on not he his but at are this have from or had \
    an they which one you were all her she there would their we him been has when who will no more if out so up said what \
    its about than into them can only other time new some could these two may first then do any like my now over such our \
    man me even most made after also did many off before must well back through years much where your way down should \
    because long each just state those people too mr how little good world make very year still see own work men day get \
    here old life both between being under three never know same last another while us might great go come since against \
    right came take used himself few house use place during high without again home around small however found mrs part \
    school thought went say general once upon every war left fact though water less public put think almost hand enough \
    took far head yet government system set better told nothing night end why called eyes find going look asked later \
    point knew next city business give group given young let room within present order data sale access price contact \
    database download forum user password account leak bank company network server admin online service security private \
    message post reply thread member vendor market escrow deal full fresh dump sample proof email phone number address \
    records customers employees documents internal files source code backup credentials login shell root vpn rdp domain";

/// Frequent Russian words.
const RUSSIAN: &str = "и в не на я что он с как это по но они мы все она так его за был от то же бы у вы из мне еще нет \
    о только когда или ни быть был чтобы до вас если уже для вот кто да говорил год знаю мой сказал время может есть \
    этот того потому рука раз где там под можно после их работа без самый потом надо хорошо человек продам доступ база \
    данных сервер компания цена гарант почта пароль аккаунт сеть банк документы клиенты свежие логи купить продажа форум \
    сообщение ответ тема пользователь магазин всё её ещё моё";

const ONSETS: &[&str] = &[
    "b", "bl", "br", "c", "ch", "cl", "cr", "d", "dr", "f", "fl", "fr", "g", "gl", "gr", "h", "j", "k", "kn", "l", "m",
    "n", "p", "ph", "pl", "pr", "qu", "r", "s", "sc", "sh", "sk", "sl", "sm", "sp", "st", "str", "sw", "t", "th", "tr",
    "v", "w", "wh", "y", "z",
];
const VOWELS: &[&str] = &["a", "e", "i", "o", "u", "ai", "ay", "ea", "ee", "ie", "io", "oa", "oo", "ou", "ue", "y"];
const CODAS: &[&str] = &[
    "", "", "", "", "b", "ck", "ct", "d", "ft", "g", "l", "ld", "ll", "m", "mp", "n", "nce", "nd", "ng", "nt", "p",
    "r", "rd", "rk", "rm", "s", "sh", "ss", "st", "t", "tch", "ve", "x",
];
const CYRILLIC: &[&str] = &[
    "на", "ра", "ко", "по", "ре", "ни", "ти", "ва", "ли", "де", "мо", "се", "ста", "про", "ло", "ка", "ру", "бо", "че",
    "гра",
];
const ENDINGS: &[&str] = &["", "й", "ть", "ция", "ный", "ок", "ом", "ов", "ка", "ние", "ство", "ах"];

/// All vocabularies, each sorted by frequency.
pub(crate) struct Words {
    pub(crate) english: Vec<String>,
    pub(crate) russian: Vec<String>,
    /// Words of one to three Han characters, Traditional.
    pub(crate) chinese: Vec<String>,
    /// Han characters in use.
    pub(crate) han: Vec<char>,
}

impl Words {
    pub(crate) fn generate() -> Words {
        let mut random = Random::new(1);
        let han = common_han(&mut random);
        let chinese = distinct(40_000, Vec::new(), |len| {
            let chars = if len < 400 { 1 } else { 2 + usize::from(random.once_in(6)) };
            (0..chars).map(|_| han[random.zipf(han.len())]).collect()
        });
        let mut random = Random::new(2);
        let english = distinct(40_000, listed(ENGLISH), |_| latin(&mut random));
        let russian = distinct(30_000, listed(RUSSIAN), |_| cyrillic(&mut random));
        Words { english, russian, chinese, han }
    }
}

fn listed(words: &str) -> Vec<String> {
    words.split_whitespace().map(str::to_owned).collect()
}

fn distinct(count: usize, mut words: Vec<String>, mut next: impl FnMut(usize) -> String) -> Vec<String> {
    let mut seen: HashSet<String> = words.iter().cloned().collect();
    while words.len() < count {
        let word = next(words.len());
        if seen.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}

/// A pronounceable word of one to three syllables.
pub(crate) fn latin(random: &mut Random) -> String {
    let syllables = 1 + random.below(2) + usize::from(random.once_in(3));
    let mut word = String::new();
    for _ in 0..syllables {
        word += random.pick(ONSETS);
        word += random.pick(VOWELS);
        word += random.pick(CODAS);
    }
    word
}

fn cyrillic(random: &mut Random) -> String {
    let mut word: String = (0..1 + random.below(4)).map(|_| random.pick(CYRILLIC)).collect();
    word += random.pick(ENDINGS);
    word
}

/// The frequent half of Big5 (level 1, 5,401 characters) in an order of its own.
fn common_han(random: &mut Random) -> Vec<char> {
    let mut han = Vec::new();
    for high in 0xa4..=0xc6_u8 {
        for low in (0x40..=0x7e).chain(0xa1..=0xfe_u8) {
            let bytes = [high, low];
            let (text, _, _) = encoding_rs::BIG5.decode(&bytes);
            han.extend(text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)));
        }
    }
    for index in (1..han.len()).rev() {
        han.swap(index, random.below(index + 1));
    }
    han
}
