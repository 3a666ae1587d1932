//! Kinds of data and access.

use std::sync::LazyLock;

use regex::Regex;

use super::{Post, Reading, words};
use crate::assess::claim::DataKind;

/// The words of every kind: Latin, Cyrillic, Chinese (traditional and simplified).
const WORDS: [(DataKind, &str, &str, &str); 10] = [
    (
        DataKind::Database,
        "data ?bases?|dbs?|sql|dumps?",
        r"баз[аыуе](?:\s|\b)|бд\b|дамп",
        "資料庫|资料库|數據庫|数据库|脫庫|脱库|拖庫|拖库",
    ),
    (
        DataKind::SourceCode,
        "source ?codes?|src|git(?:hub|lab)? repos?(?:itor(?:y|ies))?|repositor(?:y|ies)",
        r"исходник|исходн\p{Cyrillic}+ код",
        "原始碼|原始码|源碼|源码|源代碼|源代码|程式碼",
    ),
    (
        DataKind::Credentials,
        "credentials?|creds|passwords?|passwd|combo ?lists?|stealer ?logs?|cookies|hashes|logins?",
        r"парол|логин|уч[её]тн\p{Cyrillic}+ (?:данн|запис)",
        "密碼|密码|帳密|账密|賬密|憑證|凭证|帳號密碼",
    ),
    (
        DataKind::PersonalData,
        "personal (?:data|information|info|details)|pii|passports?|ssn|id cards?|fullz|(?:customer|client|employee|user|member|citizen|student)s?'? (?:data|records?|info|information|details|list|base)",
        r"персональн\p{Cyrillic}+ данн|паспорт|снилс|данны\p{Cyrillic}+ (?:клиент|пользовател|сотрудник|граждан)|клиентск",
        "個資|个资|個人資料|个人资料|個人信息|个人信息|身分證|身分证|身份證|身份证|戶籍|户籍|戶政|户政|手機號|手机号|(?:客戶|客户|會員|会员|員工|员工|用戶|用户|學生|学生)(?:資料|资料|數據|数据|信息|名單|名单|個資)",
    ),
    (
        DataKind::Financial,
        "credit cards?|cvv2?|bank (?:accounts?|data|statements?|logs?)|financial (?:data|records?|documents?|reports?)|iban",
        r"банковск|кредитн\p{Cyrillic}+ карт|финансов",
        "信用卡|銀行卡|银行卡|財務|财务|金流",
    ),
    (
        DataKind::Medical,
        "medical (?:records?|data|history)|patients?|health records?",
        "медицинск|пациент",
        "病歷|病历|病患|患者|健保",
    ),
    (
        DataKind::Mail,
        "mailbox(?:es)?|e?-?mails? (?:archives?|dump|correspondence|backup)|pst|correspondence",
        r"переписк|почтов\p{Cyrillic}+ ящик",
        "(?:郵件|邮件|信箱|邮箱|郵箱)(?:備份|备份|內容|内容|往來|往来|存檔|存档)",
    ),
    (
        DataKind::Documents,
        "internal (?:data|documents?|files?)|confidential|contracts?|nda|blueprints?|drawings|schematics|documents?",
        r"внутренн\p{Cyrillic}+ (?:документ|данн)|конфиденциальн|договор|черт[её]ж|документ",
        "內部(?:資料|文件|數據|檔案)|内部(?:资料|文件|数据|档案)|機密|机密|合約|合约|合同|圖紙|图纸|設計圖|设计图",
    ),
    (
        DataKind::Access,
        "(?:initial|network|corp(?:orate)?|rdp|rdweb|vpn|citrix|ssh|shell|web ?shell|root|admin|domain admin|ad|forti[a-z]*|esxi|anydesk|panel|server|cpanel) access(?:es)?|access to (?:the |their |its |a )?(?:internal |corporate |company )?(?:networks?|corp|servers?|domain|vpn|admin|panel|systems?)|web ?shells?|domain admin",
        r"доступ\p{Cyrillic}*\s+(?:(?:к|в|во|до)\s+)?(?:\p{Cyrillic}+\s+)?(?:сет|сервер|rdp|vpn|корп|панел|админ|домен)|(?:rdp|vpn|ssh)[\s-]*доступ|шелл",
        r"(?:內網|内网|域控|伺服器|服務器|服务器|後台|后台|vpn|rdp|shell|root|管理員|管理员|網路|网络|系統|系统|主機|主机)的?\s*(?:權限|权限|訪問|访问|存取|入口)|初始(?:訪問|访问|存取)",
    ),
    (
        DataKind::Unspecified,
        "data|files|archives?|leaks?",
        "данн(?:ые|ых|ыми)|файл|архив",
        "數據|数据|資料|资料|檔案|档案",
    ),
];

static PATTERNS: LazyLock<Vec<(DataKind, Regex)>> =
    LazyLock::new(|| WORDS.iter().map(|(kind, latin, cyrillic, han)| (*kind, words(latin, cyrillic, han))).collect());

/// The first words of each kind. "Data" that is only part of a kind already read is not read again.
pub(super) fn read(post: &Post<'_>) -> Vec<Reading<DataKind>> {
    let mut all: Vec<Reading<DataKind>> = Vec::new();
    for (kind, pattern) in PATTERNS.iter() {
        let mut found = post.readings(pattern, |_| Some(*kind)).into_iter();
        if *kind != DataKind::Unspecified || all.is_empty() {
            all.extend(found.next());
        }
    }
    all
}
