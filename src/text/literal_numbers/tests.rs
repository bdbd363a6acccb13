//! Tests: which typed numbers are reported, and which figures their hints name.

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::figure::{Amount, Figure, Origin};
use crate::project::IssueFile;

const REGISTER: &str = "[[department]]\nname = \"公安厅\"\naliases = [\"省公安厅\"]\n\
    [[department]]\nname = \"水利厅\"\n[[department]]\nname = \"207地质队\"\naliases = [\"二〇七队\"]\n\
    [[department]]\nname = \"教育厅\"\n[[department]]\nname = \"民政厅\"\n";

fn ledger() -> Arc<Ledger> {
    let mut ledger = Ledger::default();
    for (id, amount, unit) in [
        ("operations[\"公安厅\"].mailed", "1083", Some("件")),
        ("operations[\"水利厅\"].mailed", "1083", Some("件")),
        ("operations[\"公安厅\"].accepted", "20337", Some("件")),
        ("operations[\"公安厅\"].rank", "3", None),
        ("operations[\"水利厅\"].accepted", "41", Some("件")),
        ("operations[\"教育厅\"].accepted", "41", Some("件")),
        ("operations[\"民政厅\"].accepted", "41", Some("件")),
        ("operations[\"207地质队\"].accepted", "41", Some("件")),
        ("operations.total.mailed", "1083", Some("件")),
        ("operations.total.accepted", "57105", Some("件")),
        ("figures.handled", "57105", Some("件")),
        ("figures.rate", "0.9634", None),
        ("figures.fall", "-0.0512", None),
        ("figures.little", "0.001", None),
        ("figures.departments", "29", None),
        ("figures.satisfaction", "98.5", Some("%")),
        ("figures.budget", "1234567890", Some("元")),
        ("figures.score", "103.69", Some("分")),
        ("figures.handled@2025-06", "61234", Some("件")),
        ("values.calls", "1549", Some("人（次）")),
    ] {
        let origin = Origin::Entry { at: Location::file("issue.toml"), source: String::new() };
        let amount = Amount::Number(Decimal::from_str_exact(amount).unwrap());
        ledger.add(Figure { id: id.to_owned(), amount, unit: unit.map(Into::into), origin });
    }
    Arc::new(ledger)
}

/// What is found in one text of an issue that declares these wordings.
fn findings(template: &str, literals: &[&str]) -> Vec<Diagnostic> {
    let declared: String =
        literals.iter().map(|text| format!("[[literal]]\ntext = \"{text}\"\nsource = \"s\"\n")).collect();
    let issue = format!(
        "number = 7\ndate = 2025-08-26\n{declared}[[section]]\ntitle = \"t\"\ntext = '''{template}'''\n"
    );
    let (issue, faults) = IssueFile::parse("issue.toml", &issue);
    assert!(faults.is_empty(), "{faults:?}");
    let issue = issue.unwrap();
    let (register, _) = Register::parse("departments.toml", REGISTER);
    let (ledger, register) = (ledger(), register.unwrap());
    let numbers = LiteralNumbers { ledger: &ledger, register: &register, literals: &issue.literals };
    let texts: Vec<&Prose> = issue.proses().collect();
    let mut found = numbers.report(&texts);
    found.extend(numbers.report_unmatched(&texts));
    found
}

/// The numbers that are reported, as they stand in the messages.
fn reported(template: &str) -> Vec<String> {
    let quoted =
        |found: &Diagnostic| found.message.trim_start_matches('“').split('”').next().unwrap().to_owned();
    findings(template, &[]).iter().map(quoted).collect()
}

fn hints(template: &str) -> Vec<String> {
    let found = findings(template, &[]);
    assert_eq!(found.len(), 1, "{template}: {found:?}");
    found[0].hints.clone()
}

/// The expressions that the hints offer.
fn offered(template: &str) -> Vec<String> {
    let expression =
        |hint: &String| Some(format!("{{{{{}}}}}", hint.split_once("改写成 {{")?.1.split_once("}}")?.0));
    hints(template).iter().filter_map(expression).collect()
}

#[test]
fn typed_numbers_are_reported_with_their_unit() {
    for (template, numbers) in [
        ("共受理57105件。", &["57105件"][..]),
        ("共受理５７１０５件。", &["57105件"]),
        ("共受理57,105件，办结1,234,567件。", &["57,105件", "1,234,567件"]),
        ("共受理5.71万件，总额12.35亿元，3万亿元。", &["5.71万件", "12.35亿元", "3万亿元"]),
        ("受理5.71 万件", &["5.71 万件"]),
        ("受理3万5千件、2亿3000万元", &["3万5千件", "2亿3000万元"]),
        ("近2万余件、100多名、20多万人次", &["2万余件", "100多名", "20多万人次"]),
        ("增长12.3%，下降-0.5％，占3‰", &["12.3%", "-0.5%", "3‰"]),
        ("提高2.1个百分点", &["2.1个百分点"]),
        ("同比负增长，为负5.3%", &["负5.3%"]),
        ("压缩3至5个工作日、10%—15%、3-5人、5件—8件", &["3至5个工作日", "10%—15%", "3-5人", "5件—8件"]),
        (
            "在3个工作日内反馈，3日内办结，历时3年、3个月、15分钟",
            &["3个工作日", "3日", "3年", "3个月", "15分钟"],
        ),
        ("由5个工作日压缩到3个工作日", &["5个工作日", "3个工作日"]),
        ("减少2个环节", &["2个环节"]),
        ("得103.7分，满分100分", &["103.7分", "100分"]),
        ("提出3点建议", &["3"]),
        ("占1/3，比例为3:1", &["1/3", "3:1"]),
        ("微信 300人", &["300人"]),
        ("长30km，重5千克，2.4GHz", &["30km", "5千克", "2.4GHz"]),
        ("全部办结，共5710。", &["5710"]),
        ("受理12345件，附件20份，3版", &["12345件", "20份"]),
        ("连续服务24小时以上", &["24小时"]),
        ("由20日压缩至5日，3至5日内", &["5日", "3至5日"]),
        ("接听电话1549，代表35，热线57105，共办结96123。", &["1549", "35", "57105", "96123"]),
        ("分别为57105/63470/2104件", &["57105/63470/2104件"]),
        ("1083+2104件、满18周岁", &["1083+2104件", "18周岁"]),
        ("零散的5{{ number }}件", &["5"]),
        ("受理5\n7件", &["5", "7件"]),
        ("受理{{ values.calls }}、另有8人", &["8人"]),
    ] {
        assert_eq!(reported(template), numbers, "{template}");
    }
}

#[test]
fn counts_in_chinese_numerals_are_reported() {
    for (template, numbers) in [
        (
            "三万五千件、二十九个部门、百分之五十、两万余件",
            &["三万五千件", "二十九个部门", "百分之五十", "两万余件"][..],
        ),
        ("三分之二的事项、百分之百、百分之5、千分之三", &["三分之二", "百分之百", "百分之5", "千分之三"]),
        ("三点五万件，十二名，一百二十余家，三十多项", &["三点五万件", "十二名", "一百二十余家", "三十多项"]),
        ("二十一个市（州）、二十一市（州）", &["二十一个市", "二十一市（州）"]),
        ("压缩十五个工作日", &["十五个工作日"]),
    ] {
        assert_eq!(reported(template), numbers, "{template}");
    }
}

#[test]
fn words_that_merely_hold_numerals_are_no_numbers() {
    for template in [
        "一次性告知，一窗受理，十分满意，万一，三农，“一网通办”，首问负责，七月中旬",
        "一个问题，两名同志，三项措施，四个方面，十余家，百余名，千家万户，数千件，上万人次",
        "千方百计，四面八方，一五一十，五湖四海，三令五申，百年大计，万众一心，千万不要，一一对应",
        "“十四五”规划，“十五五”时期，二十大，二十届三中全会，第二十九次会议，二〇二五年七月",
        "十二月十五日，二十四日，十五时三十分，十二点二十分，二十世纪九十年代，十一黄金周",
        "二十年来，三十而立，十六字方针，一百八十度转弯，八九不离十，七八个，三五成群，十二分感谢",
        "二十国集团，一千零一夜，七十二变，“二十条”，《三十六条意见》，“二十四个节气”",
        "一对一帮办，“三集中三到位”，两不误，一体化，统一，唯一，第一，万里长城，百姓，亿万群众",
        "二〇七队，一百周年，三级联动，十二号窗口",
    ] {
        assert_eq!(reported(template), [""; 0], "{template}");
    }
}

#[test]
fn customary_numbers_are_not_reported() {
    for template in [
        // Dates and times.
        "7月10日，2025年，7月22日—24日，2025-08-26，2025/8/26，2025.8.26，2025-08，上午9时30分，9:30，9：30",
        "1至7月，1—7月，5、6月，22、23日，7月份，第三季度，3季度，2023—2025年，2024、2025年，2025年度，至24日",
        "{{ month.month }}月10日，1至{{ month.month }}月，1—{{ month.month }}月，{{ month.year }}年3月",
        "9:00—17:00，晚上8点，上午9点半，9点30分，9时至17时，10日前，于5日起，方案（2025—2027年），（2025）",
        "“十四五”时期，“3·15”，“5.12”防灾减灾日，7 月 10 日",
        // Ordinals.
        "第7期，第3名，第 12 次，第3—5名，前3名，前10位，前7个月，前3季度，3号窗口，2楼大厅，101室，3级等保，100周年，90后",
        // List marks.
        "1.受理申请\n\n2．审核\n\n3、办结\n\n（4）送达\n\n(5)归档\n\n6）评价",
        "要求：1.加强领导；2.压实责任。3.强化督导",
        "1.2025年目标",
        // Document numbers, codes and names.
        "川府发〔2025〕3号，国办发[2024]12号，GB/T 9704—2012，GB 9704-2012，Y0203，ISO 9001，ISO 9001:2015，A4纸，5G网络，PDF/A-3",
        "V2.0版，2.0版本，升级到3.0，1.2.3，Windows 10系统，COVID-19，4K，3D打印，H5页面，G5京昆高速，4A级景区",
        "12345热线，12345政务服务便民热线，“12345”，拨打12345，110报警，120急救，电话028-86600000，拨打95598，13800000000，400-123-4567",
        "www.example.gov.cn/2025/3，https://a.cn/x?id=35&n=7，a35@b.cn，邮编610000，编号：0012，00123",
        "电话（028）86900000，(028)86900000，（028） 86900000、传真(0830)2345678",
        "“1+3+N”模式，1+1，7×24小时，24小时自助服务区，365天不打烊，1对1服务，附件2，附表1，图3，《办理指南2.0》，《2025年23条措施》",
        "热线96960、12328，受理电话：028-86912345，京B·88888，320国道，0差错、0投诉，见表2，（图1）",
        "3楼306室，A区18-25号窗口，IPv6，SM2、SM4算法，C919，00后，《条例》第36条第2款，第722号令",
        "207地质队，②，Ⅳ",
    ] {
        assert_eq!(reported(template), [""; 0], "{template}");
    }
}

#[test]
fn an_address_may_be_long_and_ends_with_its_word() {
    let long = format!("详见https://a.gov.cn/s?a={}&idx=1。", "x".repeat(3000));
    assert_eq!(reported(&long), [""; 0]);
    assert_eq!(reported("详见https://a.gov.cn/1，共受理35件"), ["35件"]);
    assert_eq!(reported("（28）86900000、（0285）共86900件"), ["86900000", "86900件"]);
}

#[test]
fn what_no_reader_sees_is_no_number() {
    for template in
        ["{# 共57105件 #}共若干件", "{{ operations[\"207地质队\"].accepted }}", "受理{{ a", "{% if 35 %}"]
    {
        assert_eq!(reported(template), [""; 0], "{template}");
    }
    assert_eq!(reported("受理5\u{200B}7105件"), ["57105件"]);
}

#[test]
fn the_hint_names_the_figure_in_the_form_that_is_typed() {
    for (template, expressions) in [
        ("邮寄1083件。", &["{{ operations.total.mailed }}"][..]),
        ("邮寄1,083件。", &["{{ operations.total.mailed }}"]),
        ("邮寄0.11万件。", &["{{ operations.total.mailed | wan }}"]),
        ("受理5.71万件。", &["{{ figures.handled | wan }}", "{{ operations.total.accepted | wan }}"]),
        ("受理5.7万件。", &["{{ figures.handled | wan }}", "{{ operations.total.accepted | wan }}"]),
        (
            "受理5.71万。",
            &["{{ figures.handled | wan | number }}", "{{ operations.total.accepted | wan | number }}"],
        ),
        ("受理5万余件。", &["{{ figures.handled | wan }}", "{{ operations.total.accepted | wan }}"]),
        ("受理57105，", &["{{ figures.handled | number }}", "{{ operations.total.accepted | number }}"]),
        ("占96.3%。", &["{{ figures.rate | percent }}"]),
        ("占百分之九十六点三。", &["{{ figures.rate | percent }}"]),
        ("受理五点七一万件。", &["{{ figures.handled | wan }}"]),
        ("得一百零三点六九分。", &["{{ figures.score }}"]),
        ("受理5万7105件。", &["{{ figures.handled }}"]),
        ("占96%。", &["{{ figures.rate | percent(0) }}"]),
        ("占96.34％。", &["{{ figures.rate | percent(2) }}"]),
        ("下降5.1%。", &["{{ figures.fall | percent }}"]),
        ("提高98.5个百分点。", &["{{ figures.satisfaction | points }}"]),
        ("下降5.12个百分点。", &["{{ figures.fall | points(2) }}"]),
        ("满意率98.5%。", &["{{ figures.satisfaction }}"]),
        ("总额12.35亿元。", &["{{ figures.budget | yi }}"]),
        ("得103.7分。", &["{{ figures.score | round(1) }}"]),
        ("得104分。", &["{{ figures.score | round }}"]),
        ("29个部门参加", &["{{ figures.departments }}"]),
        ("二十九个部门参加", &["{{ figures.departments }}"]),
        ("接待1549人（次）。", &["{{ values.calls }}"]),
        ("接待1549人次。", &["{{ values.calls }}"]),
        ("公安厅受理2.03万件。", &["{{ operations[\"公安厅\"].accepted | wan }}"]),
        ("受理两万余件。", &["{{ operations[\"公安厅\"].accepted | wan }}"]),
        // A department of the sentence comes before others, and after totals.
        ("省公安厅邮寄1083件。", &["{{ operations.total.mailed }}"]),
        ("水利厅受理41件。", &["{{ operations[\"水利厅\"].accepted }}"]),
    ] {
        assert_eq!(&offered(template)[..expressions.len()], expressions, "{template}: {:?}", hints(template));
    }
    assert_eq!(offered("占0.1%。"), ["{{ figures.little | percent }}"]);
    let mailed = offered("水利厅邮寄1083件。");
    assert_eq!(
        mailed,
        [
            "{{ operations.total.mailed }}",
            "{{ operations[\"水利厅\"].mailed }}",
            "{{ operations[\"公安厅\"].mailed }}"
        ]
    );
}

#[test]
fn a_figure_of_another_unit_or_of_many_departments_is_not_named() {
    for template in ["29件", "57105人", "1083个", "3个工作日", "96.34", "98.5件", "61234件"] {
        assert_eq!(offered(template), [""; 0], "{template}");
    }
    // Four departments have 41; none of them stands in the sentence.
    assert_eq!(offered("受理41件"), [""; 0]);
}

#[test]
fn a_number_that_misses_a_figure_by_a_slip_is_told_so() {
    for (template, expression) in [
        ("受理57015件", "{{ figures.handled }}"),
        ("受理57106件", "{{ figures.handled }}"),
        ("受理5.81万件", "{{ figures.handled | wan }}"),
        ("占96.9%", "{{ figures.rate | percent }}"),
        ("公安厅受理20377件", "{{ operations[\"公安厅\"].accepted }}"),
    ] {
        let hints = hints(template);
        assert!(hints[0].contains("相近而不相等") && hints[0].contains(expression), "{template}: {hints:?}");
    }
    for template in ["受理30件", "受理20377件", "受理61235件", "受理12000件"] {
        assert!(!hints(template)[0].contains("相近"), "{template}: {:?}", hints(template));
    }
}

#[test]
fn declared_wording_accounts_for_its_number_only() {
    assert_eq!(findings("3个工作日内反馈，３个工作日", &["3个工作日"]), []);
    assert_eq!(findings("减少2个环节", &["减少2"]), []);
    assert_eq!(findings("三十个工作日", &["三十个工作日"]), []);
    for (template, literal) in [
        ("3个工作日，13个工作日", "3个工作日"),
        ("3个工作日，2—3个工作日", "3个工作日"),
        ("增加3，增加3万", "增加3"),
        ("5%，-5%", "5%"),
    ] {
        let found = findings(template, &[literal]);
        assert_eq!(found.len(), 1, "{template}: {found:?}");
        assert_eq!(found[0].rule, &rules::LITERAL_NUMBER);
    }
}

#[test]
fn declared_wording_that_stands_nowhere_is_reported_at_its_place() {
    let found = findings("3个工作日", &["3个工作日", "13个工作日"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].rule, &rules::LITERAL_UNMATCHED);
    assert_eq!(found[0].location.as_ref().unwrap().to_string(), "issue.toml:7:8");
    insta::assert_snapshot!(found[0].message, @"声明的“13个工作日”在本期的正文里没有");
}

#[test]
fn the_wording_to_declare_is_offered() {
    for (template, wording) in [
        ("在3个工作日内反馈", "3个工作日"),
        ("减少2个环节，", "2个环节"),
        ("5工单", "5工单"),
        ("增加5。", "增加5"),
        ("压缩三十至四十个工作日", "四十个工作日"),
    ] {
        assert!(
            hints(template).last().unwrap().contains(&format!("text = \"{wording}\"")),
            "{template}: {:?}",
            hints(template)
        );
    }
}

#[test]
fn places_are_those_of_the_file_and_findings_are_bounded() {
    let lines: Vec<String> = (0..50).map(|line| format!("甲{line}件")).collect();
    let found = findings(&lines.join("\n\n"), &[]);
    assert_eq!(found.len(), MOST_REPORTED + 1);
    assert_eq!(found[0].location.as_ref().unwrap().to_string(), "issue.toml:5:12");
    assert_eq!(found[1].location.as_ref().unwrap().to_string(), "issue.toml:7:2");
    assert_eq!(found[MOST_REPORTED].message, "另外还有 30 处直接写在正文里的数字");
    assert!(
        found[MOST_REPORTED].hints[0].starts_with("它们在 issue.toml 第 45 行、第 47 行"),
        "{:?}",
        found[MOST_REPORTED].hints
    );
}

#[test]
fn texts_are_reported_in_the_order_of_their_places() {
    let issue = "number = 7\ndate = 2025-08-26\n[[section]]\ntitle = \"标题5件\"\n[[section.item]]\nlead = \"段首6件\"\n\
        text = \"正文7件\"\npicture = { file = \"a.png\", caption = \"图8件\", description = \"9件\" }\n\
        [[section.item]]\ntext = \"末\"\nheading = \"标题10件\"\n";
    let issue = IssueFile::parse("issue.toml", issue).0.unwrap();
    let (ledger, register) = (Arc::default(), Register::default());
    let numbers = LiteralNumbers { ledger: &ledger, register: &register, literals: &[] };
    let found = numbers.report(&issue.proses().collect::<Vec<_>>());
    let places: Vec<String> =
        found.iter().map(|found| found.location.as_ref().unwrap().to_string()).collect();
    assert_eq!(
        places,
        ["issue.toml:4:12", "issue.toml:6:11", "issue.toml:7:11", "issue.toml:8:41", "issue.toml:11:14"]
    );
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(template in "[0-9０-９一三十百万亿两分之点件个%‰.,，、:—月日年第前号“”《》（）A.{}#\\-+余\\n ]{0,40}") {
        if !template.contains("'''") {
            let _ = findings(&template, &["3个", "万一3"]);
        }
    }

    #[test]
    fn every_printed_form_of_a_figure_is_traced_back_to_it(count in 10_000u32..10_000_000) {
        let mut ledger = Ledger::default();
        let origin = Origin::Entry { at: Location::file("issue.toml"), source: String::new() };
        let amount = Amount::Number(Decimal::from(count));
        ledger.add(Figure { id: "figures.a".to_owned(), amount, unit: Some("件".into()), origin });
        let (ledger, register) = (Arc::new(ledger), Register::default());
        let numbers = LiteralNumbers { ledger: &ledger, register: &register, literals: &[] };
        let wan = amount.scaled(4, 2).unwrap();
        for (typed, expression) in [(format!("{count}件"), "{{ figures.a }}"), (format!("{wan}万件"), "{{ figures.a | wan }}")] {
            let text = format!("\"{typed}\"");
            let prose = Prose::new("f", &text, 0..text.len(), &typed);
            let found = numbers.report(&[&prose]);
            prop_assert!(found[0].hints[0].contains(expression), "{typed}: {:?}", found[0].hints);
        }
    }
}
