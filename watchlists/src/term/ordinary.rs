//! Words that posts and files are full of: alone, they name nobody.

use super::{Context, Term, TermKind, company, words::words};

/// Words of the trade in leaks, of files and of units in the Latin script, folded.
const LATIN: &str = "\
    access account accounts admin api archive auction backup bank banking base botnet breach breached buy card cards \
    carding channel check cheap client clients code combo company companies confidential contact contract corp \
    credential credentials crypto customer customers cvv database databases dark date deal demo deposit document \
    documents domain download dump dumps email emails employee employees encrypted escrow exploit file files financial \
    forum fraud free fresh full fullz gb gigabyte gigabytes gmail government group hack hacked hacker hash hashes \
    health hospital http https id identity info information internal internet invoice ip java kilobyte leak leaked leaks \
    link list log login logins logs mail malware market md5 medical megabyte message mirror money msi network office \
    offer online order panel passport password passwords payment pdf personal phone phones php post premium price \
    private proof quality ransom ransomware rar rdp root sale sales sample samples school scan secret seller sell \
    selling server servers shell shop site source spam sql ssh ssn stealer stolen store student students tb telegram \
    terabyte terabytes text thread tool tools top tor torrent txt unique update user username users valid vendor \
    verified version vpn vps web website windows worldwide xlsx zip 7z csv docx exe apk iso json jpg png";

/// The same in Chinese.
const HAN: &str = "\
    资料 数据 数据库 资料库 个资 个人资料 外泄 泄露 泄漏 出售 贩售 贩卖 出卖 收购 购买 价格 样本 样品 客户 用户 会员 员工 密码 账号 帐号 \
    账户 帐户 邮箱 信箱 邮件 手机 电话 姓名 地址 身份证 身分证 护照 银行 信用卡 公司 政府 学校 医院 网站 伺服器 服务器 后台 权限 漏洞 骇客 \
    黑客 勒索 暗网 论坛 文件 档案 下载 链接 连结 免费 最新 联系 联络 交易 担保 比特币 全部 内部 机密 合约 合同 订单 发票 财务 人事 源码 \
    原始码 源代码 备份";

/// The same in Russian.
const CYRILLIC: &str = "\
    база базы баз данные данных доступ доступы продам продаю продажа куплю покупка слив слита утечка утечки взлом \
    логи лог логин логины пароль пароли почта почты аккаунт аккаунты карта карты паспорт паспорта клиент клиенты \
    клиентов сотрудники сотрудников компания компании банк банка деньги цена гарант сервер сервера сайт файл файлы \
    архив документы документов скан сканы номер номера телефон телефоны пользователи пользователей хакер шелл скачать \
    бесплатно свежие свежая россия москва";

impl Term {
    /// Whether it is a keyword, without a rule on what must stand beside it, made of words that posts and files are full
    /// of, such as *database*, *msi* or 資料: it would be found everywhere, also where nothing has been captured yet to
    /// show so.
    #[must_use]
    pub fn is_ordinary(&self) -> bool {
        let narrowed = |context: &Context| context.near.is_some() || !context.all_of.is_empty();
        let words = words(&self.text);
        self.kind == TermKind::Keyword
            && !self.context().is_some_and(narrowed)
            && words.iter().all(|word| is_ordinary(word))
    }
}

fn is_ordinary(word: &str) -> bool {
    let listed = |list: &str| list.split(' ').any(|listed| listed == word);
    listed(LATIN) || listed(HAN) || listed(CYRILLIC) || company::is_generic(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Near, fold::fold};

    fn keyword(text: &str) -> Term {
        Term::parse(TermKind::Keyword, text).unwrap()
    }

    #[test]
    fn a_word_of_every_post_is_ordinary_and_a_name_is_not() {
        for text in
            ["Database", "資料", "個資", "базы данных", "MSI", "統一", "Delta", "ＤＵＭＰ", "data leak", "台灣科技"]
        {
            assert!(keyword(text).is_ordinary(), "{text}");
        }
        for text in ["ADATA", "台積電", "Qinglu Logistics", "青鷺物流", "Ромашка", "Delta Thailand", "統一企業"]
        {
            assert!(!keyword(text).is_ordinary(), "{text}");
        }
        assert!(!Term::parse(TermKind::Phrase, "data leak").unwrap().is_ordinary());
    }

    #[test]
    fn a_rule_on_what_stands_beside_it_makes_it_a_term() {
        let near = Near { any_of: vec!["主機板".into()], within: 40 };
        let rules = Context { near: Some(near.clone()), ..Context::default() };
        assert!(!keyword("MSI").with_context(rules).unwrap().is_ordinary());
        let rules = Context { unless_near: Some(near), ..Context::default() };
        assert!(
            keyword("MSI").with_context(rules).unwrap().is_ordinary(),
            "what must not stand there leaves it as broad"
        );
    }

    #[test]
    fn the_lists_are_folded() {
        for word in [LATIN, HAN, CYRILLIC].iter().flat_map(|list| list.split_whitespace()) {
            assert_eq!(fold(word).text(), word);
        }
    }
}
