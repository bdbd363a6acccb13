//! The list of rules: every kind of finding, with its stable code.
//!
//! `yuebao explain CODE` and docs/rules.md are made from it. A code is never
//! given to another rule; the hundreds are the rooms: 01 the project's files,
//! 02 workbooks and their cells, 03 tables, 04 figures, 05 texts, 06
//! typesetting, 07 outputs, 09 departments' answers.

use super::rule::{Rule, Severity};

macro_rules! rules {
    ($($name:ident = $code:literal $severity:ident $title:literal, $meaning:literal, $remedy:literal;)*) => {
        $(
            #[doc = $title]
            pub static $name: Rule = Rule {
                code: $code,
                severity: Severity::$severity,
                title: $title,
                meaning: $meaning,
                remedy: $remedy,
            };
        )*

        /// All rules, in the order of their codes.
        pub fn all() -> impl Iterator<Item = &'static Rule> {
            static ALL: &[&Rule] = &[$(&$name),*];
            ALL.iter().copied()
        }
    };
}

/// The built-in checks, which can be switched off.
pub fn built_in_checks() -> [&'static Rule; 5] {
    [&CHECK_JUMP, &CHECK_OUTPUT_WITHOUT_INTAKE, &CHECK_SILENT, &CHECK_TRANSPOSED, &CHECK_SAME_AS_LAST_MONTH]
}

rules! {
    FILE_UNREADABLE = "Y0101" Error "文件无法读取",
        "文件不存在、没有权限、正被占用、不是普通文件，同时打开的文件太多，或文字编码不是 UTF-8。往期的文件在那里却读不出来，要与它比较的各期也不生成。",
        "检查文件名和位置；关闭正在打开它的程序；文字文件请另存为 UTF-8 编码。";
    TOML_SYNTAX = "Y0102" Error "TOML 写法有误",
        "yuebao.toml、departments.toml、issue.toml 或 TOML 表格中有一处不符合 TOML 的写法，整个文件都无法读取。",
        "按提示的行和列检查：文字放在英文引号内，多行文字用三个引号括起，引号和方括号成对，名称后用等号；中文的名称也要放在英文引号内。";
    SETTING_MISSING = "Y0103" Error "缺少设置项",
        "缺少一项必不可少的内容，例如期号、日期、表头。",
        "按提示补上这一项；各项的说明见 README.zh-CN.md。";
    SETTING_INVALID = "Y0104" Error "设置项的值不对",
        "某一项的值不是所要求的种类，或超出了范围。",
        "按提示改成要求的写法。";
    SETTING_UNKNOWN = "Y0105" Error "不认识的设置项",
        "写了一个程序不认识的名称，多半是拼写错误；若不报告，这一项就会悄悄失效。",
        "按提示改正拼写，或删去这一项。";
    SETTING_DUPLICATE = "Y0106" Error "名称重复",
        "同一个名称用在了两处，无法分清指的是哪一个。",
        "请改用不同的名称。部门的全称和简称彼此都不能重复。";
    TABLE_FILE_MISSING = "Y0107" Error "缺少表格文件",
        "这个月的文件夹里没有某张表的文件。",
        "把文件放进 data 下当月的文件夹，文件名与提示的相同，扩展名可以是 xlsx、xlsm、xlsb、xls、et、ods、csv、txt、toml。";
    TABLE_FILE_TWICE = "Y0108" Error "同一张表有几个文件",
        "同一张表有几个文件（例如 xlsx 和 csv 各一个），不知该用哪一个。",
        "只留下要用的一个，其余的移走或改名。";
    PICTURE_UNKNOWN = "Y0109" Error "图片不能用",
        "图片文件的内容不是 PNG、JPEG、GIF、WebP 或 SVG，没有传完，是印刷用的 CMYK 图片，或是引用另一个图片文件的 SVG。",
        "用画图等程序打开，另存为 PNG 或 RGB 的 JPEG；引用的图片要嵌入 SVG。";
    DATE_UNLIKELY = "Y0110" Warning "出版日期与月份不符",
        "issue.toml 的出版日期早于这一期的月份，或晚了一年多，多半是从别的一期复制来的。",
        "改正 date；情况属实的，在 issue.toml 中确认。";
    MONTH_FOLDER_MISNAMED = "Y0111" Warning "文件夹名不是月份的写法",
        "data 里有一个文件夹像是一个月的，名称却不是 2025-07 这样的写法。它没有处理，与它比较时也作为没有这个月。",
        "把它改名为提示的名称；备份请移到 data 以外。";
    TABLE_NOT_IN_FORCE = "Y0112" Warning "这个月没有这张表",
        "按 yuebao.toml 中的 since、until，附表所报的月份没有这张表，当月的文件夹里却有它的文件，或 [periods] 写了它。没有读取，也不印。",
        "要印这张表，修改它的 since、until，或 [periods] 中它所报的月份；不要的，移走文件，删去 [periods] 中的一行。";
    TABLE_FILE_UNUSED = "Y0113" Warning "没有使用的表格文件",
        "当月的文件夹里还有一个文件，名称里含有某张表的名字，多半是这张表更正过的一份。只读取名称与声明的完全相同的一个，它没有使用。",
        "要用它，用它替换原来的文件，名称照旧；不用的，移出这个文件夹。";
    NUMBER_REPEATED = "Y0114" Warning "期号重复",
        "同一年里另有一期的期号与这一期相同，多半是从那一期复制来的。只看与这一期比较的往月。",
        "改正 number；情况属实的，在 issue.toml 中确认。";

    EMPTY_FILE = "Y0201" Error "文件是空的",
        "文件里一个字节也没有，多半是保存、复制或下载没有完成。",
        "请用 Excel 或 WPS 重新保存，或向报送部门重新索取该文件。";
    TRUNCATED_FILE = "Y0202" Error "文件不完整",
        "文件只有前面一部分，后面的内容丢失，多半是复制、下载或解压中断造成的。",
        "请重新复制或下载该文件；仍不行时，请报送部门打开原文件另存后重新报送。";
    CELL_NOT_A_NUMBER = "Y0203" Error "这里应为数字",
        "数字列里出现了看不懂的文字、日期或逻辑值。程序不猜测它的意思。",
        "改填数字；没有此项业务填“/”，数量为零填 0。显示成日期的，先把单元格格式改成“数值”。";
    CELL_ERROR_VALUE = "Y0204" Error "单元格是错误值",
        "单元格显示 #N/A、#REF!、#DIV/0! 等，公式没有算出结果。",
        "检查公式，或直接填写数字。";
    CELL_FORMULA_WITHOUT_VALUE = "Y0205" Error "公式没有结果",
        "单元格是公式，文件里却没有保存计算结果。常见于由其他程序生成、没有用 Excel 或 WPS 保存过的文件。",
        "用 Excel 或 WPS 打开，重新计算（按 F9）并保存。";
    CELL_NEGATIVE = "Y0206" Error "不应有负数",
        "这一列不应有负数。",
        "核对这个数；确实可以为负的列，在 yuebao.toml 中写 negative = true。";
    CELL_NOT_WHOLE = "Y0207" Error "应为整数",
        "件数、人数这样的列出现了小数。",
        "核对这个数；可以有小数的列，在 yuebao.toml 中写 decimals。";
    CELL_DECIMALS = "Y0208" Error "小数位数太多",
        "小数位数超过了这一列规定的位数。程序不会悄悄四舍五入。",
        "核对这个数，按规定的位数填写，或在 yuebao.toml 中修改 decimals。";
    CELL_ABSURD = "Y0209" Error "数字大得离谱",
        "这个数超过了可信的上限，多半是多输了几位。",
        "核对这个数；确实有这么大时，在 yuebao.toml 的 [cells] 中调高 largest。";
    CELL_MISSING = "Y0210" Warning "漏填",
        "单元格是空白的。空白不是零，也不是“没有此项业务”。印出时为“/”，合计时不计。",
        "向部门核实后补填：没有此项业务填“/”，数量为零填 0。";
    CELL_NUMBER_AS_TEXT = "Y0211" Warning "数字存成了文本",
        "单元格里的数字是文本格式，或带有千位分隔符、全角数字、单位。意思清楚，已按数字读取。",
        "最好改成数值格式，只填数字。";
    CELL_MERGED = "Y0212" Error "合并单元格里的数",
        "数字所在的单元格与旁边或上下的数字单元格合并了，或几行的部门名称合并成了一格，看不出这个数是哪一项、哪个部门的。合并的“/”照常读取。",
        "取消合并，每一行写上部门名称，把每一项的数分别填写。";
    PERCENTAGE_DOUBTFUL = "Y0213" Warning "百分数大得可疑",
        "百分数列里的数在 1000% 以上，多半是先填了数、再把格式改成百分数造成的：98 会显示成 9800%。已照显示的读取。",
        "改成正确的百分数；确实是这么多的，在 issue.toml 中确认并写明原因。";
    PASSWORD_PROTECTED = "Y0221" Error "文件有打开密码",
        "工作簿设置了打开密码，内容是加密的，本程序无法读取。",
        "请用 Excel 或 WPS 输入密码打开，在“文件 → 信息 → 保护工作簿”（WPS：“文件 → 文档加密”）里取消密码后保存。";
    NOT_A_WORKBOOK = "Y0222" Error "不是电子表格",
        "按内容判断，该文件不是电子表格（文件名的后缀不作依据）。",
        "请把表格另存为 .xlsx 后放到这里；如果放错了文件，请换成正确的文件。";
    WEB_PAGE_AS_WORKBOOK = "Y0223" Error "网页或 XML 冒充的工作簿",
        "有些业务系统导出的“.xls”其实是网页或 XML，Excel 能打开，但数字的精确值没有可靠的写法，本程序不读取。",
        "请用 Excel 或 WPS 打开该文件，选择“另存为”，类型选“Excel 工作簿（*.xlsx）”，再用另存的文件。";
    UNSUPPORTED_WORKBOOK = "Y0224" Error "不支持的表格格式",
        "文件是表格，但格式太旧或太少见（例如 Excel 4.0 及更早的格式、旧版 WPS 的专用格式）。",
        "请用 WPS 或 Excel 打开该文件，另存为“Excel 工作簿（*.xlsx）”，再用另存的文件。";
    DAMAGED_WORKBOOK = "Y0225" Error "文件已损坏",
        "文件的内部结构有错误，照此读出的数字不可信，所以不予采用。",
        "请用 Excel 或 WPS 打开该文件（必要时选择“修复”），核对数字后另存为 .xlsx；打不开时请报送部门重新报送。";
    FILE_TOO_LARGE = "Y0226" Error "文件过大",
        "文件本身或其解压后的内容远远超过一张报表应有的大小，继续读取可能耗尽内存。",
        "请新建一个工作簿，只把需要的表格（连同表头）复制过去，另存为 .xlsx 后再用。";
    TOO_MANY_CELLS = "Y0227" Error "单元格过多",
        "工作簿里的单元格或文字远远超过一张报表应有的数量，继续读取可能耗尽内存。",
        "请删除表格以外的内容（选中多余的行和列，右键“删除”后保存），或把需要的表格复制到新工作簿，另存为 .xlsx。";
    READER_TIMED_OUT = "Y0228" Error "读取超时",
        "读取该文件超过了规定时间，已经停止。可能是电脑太忙，也可能是文件已损坏，或内容远超正常报表。往期的文件读不出来时，要与它比较的一期也不生成。",
        "请再运行一次；仍然这样的，请用 Excel 或 WPS 打开该文件，另存为 .xlsx 后再用。";
    READER_FAILED = "Y0229" Error "读取程序中断",
        "老格式的文件由单独的读取程序在受限的内存里读取；它没有启动，或没有读完就结束了。可能是内存不够、进程太多或被别的程序结束，也可能是文件已损坏或内容过多。往期的文件读不出来时，要与它比较的一期也不生成。",
        "请再运行一次；仍然这样的，请用 Excel 或 WPS 打开该文件，另存为 .xlsx 后再用。";
    UNKNOWN_TEXT_ENCODING = "Y0230" Error "文字编码无法识别",
        "文本文件既不是 UTF-8，也不是 GB18030（GBK）或带标记的 UTF-16，读出来会是乱码。",
        "请用 Excel 或 WPS 打开，另存为“CSV UTF-8（逗号分隔）”或 .xlsx。";
    MALFORMED_CSV = "Y0231" Error "CSV 表格有误",
        "文本不是由逗号、分号或制表符分列的表格，引号没有成对，或者有一行比表头多出一格：多半是数字里有逗号（12,345），后面的数都错了列。",
        "请对照提示的行检查分隔符和引号，数字里不要有逗号；最省事的办法是用 Excel 或 WPS 另存为 .xlsx。";
    NOT_A_TOML_TABLE = "Y0232" Error "TOML 文件不是表格",
        "用 TOML 写的表格，每一行是一个 [[row]]，下面是“列名 = 值”，值只能是文字、数字、真假或日期。",
        "请按“[[row]]”加若干“列名 = 值”的写法改写提示的地方。";
    DAMAGED_CELL = "Y0233" Error "单元格记录已损坏",
        "工作表里有单元格的地址或内容记录是坏的，不知道它的内容属于哪里，表格可能缺数。",
        "请用 Excel 或 WPS 打开该文件（必要时选择“修复”），逐项核对该表后另存为 .xlsx。";

    TABLE_NOT_FOUND = "Y0301" Error "找不到表",
        "文件里没有一处的表头与声明的相符（至少要有一半的列相符）。",
        "检查是否放错了文件；表头文字改过的，改回来，或在 yuebao.toml 中写进 aliases。";
    TABLE_AMBIGUOUS = "Y0302" Error "有几处都像这张表",
        "文件里不止一处的表头与声明的相符，程序不猜测用哪一处。",
        "每个文件只留一张这样的表，其余的删去或移到别的文件；一张表中间又有一次表头的，只删去那一次表头，各部门的行都留着。";
    COLUMN_MISSING = "Y0303" Error "缺少一列",
        "表头中少了一列。",
        "补上这一列；表头改过名称的，在 yuebao.toml 中把新名称写进这一列的 aliases。";
    COLUMN_TWICE = "Y0304" Error "一列出现两次",
        "两列的表头都是同一个意思，不知该读哪一列。",
        "删去多余的一列。";
    COLUMN_UNKNOWN = "Y0305" Warning "多出一列",
        "表头中有一列没有声明过，没有使用它的内容。",
        "不需要时可以不管；需要印出时，在 yuebao.toml 中声明它。";
    DEPARTMENT_UNKNOWN = "Y0306" Error "不认识的部门",
        "部门名称不在名册中，也不是登记过的简称。",
        "改正名称；确有此部门时，在 data/departments.toml 中登记它或它的简称。";
    DEPARTMENT_TWICE = "Y0307" Error "部门重复",
        "同一个部门在表中出现了两次，或有两份答复同时在用。",
        "删去多余的一行；如是两个部门，写各自的全称。答复有两份的，再收一次要用的那一份。";
    DEPARTMENT_MISSING = "Y0308" Error "缺少部门",
        "名册中当月参加统计的部门，在表中没有。",
        "补上这些部门的数据；不再参加统计的，在 data/departments.toml 中写 until。";
    DEPARTMENT_INACTIVE = "Y0309" Warning "部门不在统计期内",
        "按名册的 since 和 until，这个部门当月不参加统计，表中却有它的数据。数据照常读取。",
        "核对这一行，或修改名册。";
    DEPARTMENT_BLANK = "Y0310" Error "没有部门名称",
        "一行有数字，却没有部门名称。",
        "补上部门名称，或删去这一行。";
    HIDDEN_PARTS = "Y0311" Warning "有隐藏的行列",
        "表中有隐藏的行、列或工作表。它们在屏幕上看不见，却照常读取和统计。",
        "取消隐藏，看看这些数据该不该统计。";
    PERIOD_MISMATCH = "Y0312" Warning "标题里的月份不符",
        "表的标题写着另一个月份，可能放成了别的月份的表。",
        "核对是不是放错了文件；标题没有改的，请改正标题；表本来就报另一个月的，在 issue.toml 的 [periods] 中写明。";
    NUMBERS_WITHOUT_HEADER = "Y0313" Warning "没有表头的数",
        "表格右边没有表头的列里有数，没有使用。可能是某几行错了列，也可能是自己计算用的列。",
        "核对这些行是不是错了列；这一列有用的补上表头，没有用的可以不管。";
    UNIT_MISMATCH = "Y0314" Warning "表上写的单位不符",
        "表的上方写着“单位：元”之类，与 yuebao.toml 中这一列的单位相差若干倍，印出的数可能大了或小了许多。表头自己写明单位的列不受影响。",
        "核对这些数是按哪个单位填的：需要换算的请换算，写错的请改正；表一直按另一个单位报的，修改 yuebao.toml 中的 unit。";

    TOTAL_MISMATCH = "Y0401" Error "合计不对",
        "表中填的合计（或小计）与各部门相加的结果不同。印出的合计总是由各部门相加得出，但两者不同，说明其中有一个数错了。",
        "核对是合计没有更新，还是某个部门的数填错了。";
    DERIVED_MISMATCH = "Y0402" Error "得分与各项之和不符",
        "表中填的数与按算式（例如各项得分之和）计算的结果不同。",
        "核对各项和结果，改正填错的一个。";
    RANK_MISMATCH = "Y0403" Error "名次不对",
        "表中填的序号与按得分计算的名次不同。同分的部门名次相同，下一名顺延（1、2、2、4）。",
        "核对得分和名次。";
    SEQUENCE_MISMATCH = "Y0404" Warning "序号与名册不符",
        "表中填的序号与名册的顺序不同。印出时按名册的顺序编号。",
        "核对表和名册 data/departments.toml 的顺序。";
    FORMULA_FAULT = "Y0405" Error "算式有误",
        "yuebao.toml 中的一个算式写法不对、用到了没有的名称、单位不同、互相引用成了圈、除数写成了零，或结果太大、太复杂。",
        "按提示的行和列改正；算式的写法见 README.zh-CN.md，名称可用 yuebao figures 列出。";
    RANKING_INCOMPLETE = "Y0406" Error "缺项不能排名",
        "参加排名的得分缺了一项，缺项按零计算会排错名次。得分要用到的往期没有数据时是提醒：各部门都不排名次。",
        "补填这一项，确实没有的填 0 或“/”；补上往期的数据。";
    PAST_MONTH_UNUSABLE = "Y0407" Warning "往期的表不能用来比较",
        "算式或检查要与往期比较，而那一期的表有错误、读不出来，所报的月份与本期的间隔不一致，或那一期的 issue.toml 没有或有错误（不知表报的是哪个月）。与它比较的数都作为没有，不会当作零。",
        "用 yuebao check 查看那一期并改正；没有那一期的文件夹时不提醒。";

    CHECK_FAILED = "Y0411" Warning "没有通过声明的检查",
        "yuebao.toml 中 [[check]] 声明的一条检查不成立。声明为错误的按错误处理。",
        "核对所列的数；数确实如此的，在 issue.toml 中用 [[acknowledge]] 写明理由。";
    ACKNOWLEDGEMENT_INVALID = "Y0412" Error "确认的写法不对",
        "issue.toml 的 [[acknowledge]] 中的代码、检查或部门不存在，或要确认的是错误。错误只能改正，不能确认。",
        "按提示改正这一段，或删去它。";
    ACKNOWLEDGEMENT_UNMATCHED = "Y0413" Warning "确认没有对应的提醒",
        "issue.toml 的 [[acknowledge]] 所确认的提醒已经没有了，多半是数据已改正，或提醒换了地方。",
        "删去这一段；仍要确认的，按新的提醒改写。";
    ACKNOWLEDGEMENT_COUNT = "Y0414" Warning "确认的处数不符",
        "issue.toml 的一段 [[acknowledge]] 确认一处提醒，写了 count 的确认那么多处；现有的处数与它不同。多出来时，一处也不算已确认。",
        "逐处核实以后，把 count 改成现有的处数，或用 department、file、cell 分开确认。";
    CHECK_JUMP = "Y0421" Warning "与往月相差悬殊",
        "这个数与本部门往月的数相差很大：往月有 6 个数以上时，与中位数之差超过平常波动的 6 倍（平常波动由绝对中位差乘以 1.4826 估计，至少算中位数的 5%）；不足 6 个时，是上月的 3 倍以上或三分之一以下。相差不到 30 的不提醒；相差不到本列合计百分之一的，是原来的 10 倍以上或十分之一以下才提醒。",
        "请与部门核实；属实的，在 issue.toml 中确认并写明原因。";
    CHECK_OUTPUT_WITHOUT_INTAKE = "Y0422" Warning "没有受理却有办结",
        "办结、出件等数大于零，对应的受理数却为零、“/”或空白（两列的对应由 yuebao.toml 中的 intake 声明）。",
        "请与部门核实是否漏填或填错了列；属实的，在 issue.toml 中确认并写明原因。";
    CHECK_SILENT = "Y0423" Warning "部门忽然没有业务",
        "这个部门前几个月都有业务，本月各列都是零或“/”（空白另作漏填提醒）。",
        "请与部门核实是否漏报；属实的，在 issue.toml 中确认并写明原因。";
    CHECK_TRANSPOSED = "Y0424" Warning "像是把两位数字写颠倒了",
        "这个数与上月相差较大，而对调其中相邻的两位数字后与上月相同或非常接近。",
        "请与部门核实；没有写错的，在 issue.toml 中确认。";
    CHECK_SAME_AS_LAST_MONTH = "Y0425" Warning "整张表与上月完全相同",
        "表中每个部门的每个数都与上月的相同，多半是误放了上月的文件。",
        "请核对文件；确实相同的，在 issue.toml 中确认。";

    TEXT_UNKNOWN_NAME = "Y0501" Error "文字中有不认识的名称",
        "正文的 {{ }} 中用到了没有的数字、名称或写法。",
        "按提示改正；数的名称可用 yuebao figures 列出，年月、期号和整列的写法见 README.zh-CN.md。";
    TEXT_SYNTAX = "Y0502" Error "文字中的 {{ }} 写法有误",
        "正文中 {{ }} 的括号、引号没有成对，或写法不对；或用了 {% %}、{# #}。",
        "数字写成 {{ figures.名称 | wan }}；括号和引号用英文并且成对。";
    TEXT_FAULT = "Y0503" Error "文字中的数算不出来",
        "正文中的一个 {{ }} 无法得出结果，例如对没有数的单元格取值、直接做加减。",
        "要计算时，在 yuebao.toml 中用 [[figure]] 写算式，再在正文中引用。";
    TEXT_CONTROL_CHARACTER = "Y0504" Error "文字中有控制字符",
        "文字中混入了看不见的控制字符，多半是从别处复制来的。",
        "删去提示的位置上的字符，重新输入。";
    TEXT_NOT_ONE_LINE = "Y0505" Error "文字空白或分了段",
        "标题应为一行文字，却是空白的或分了段；或一项的正文是空的。",
        "写成一行文字，或删去这一项。";
    HEADING_PUNCTUATION = "Y0506" Warning "标题末尾有句号",
        "按公文格式，独占一行的标题末尾不用标点，印出时已去掉句号；段首标题（lead）末尾的句号由程序加上，不用写。",
        "删去标题末尾的句号。";
    SECTION_DRAFT = "Y0507" Error "上期的文字还没有核对",
        "新建一个月时，带有数字的段落会照上期带来，其中可能有只属于上期的话。",
        "改好这一段文字，再删去 draft = true 这一行。";
    LITERAL_NUMBER = "Y0508" Warning "正文里直接写了数字",
        "正文、标题或图片说明里有一个直接打进去的数字。表格改动以后它不会跟着变，也查不到出处。\
         日期、第几、文号、电话之类不算。",
        "表里算得出的，改写成 {{ }} 里的名称；手工录入的，写进 [values.名称]；\
         属于行文的（如“3个工作日”），在 issue.toml 中用 [[literal]] 写明来源。";
    LITERAL_UNMATCHED = "Y0509" Warning "声明的词句正文里没有",
        "issue.toml 中 [[literal]] 声明了一处带数字的词句，本期的标题和正文里却找不到。",
        "正文已经改写的，删去或改正这一节；text 要和正文里的写法一致。";
    TEXT_NOTHING_TO_COMPARE = "Y0510" Warning "没有可以比较的往期数",
        "正文要与上月或上年同月比较，而那时没有这个数：没有那个月的数据、为“/”或空白。印作“无可比数据”。",
        "改写这句话；补上往期的数据；情况属实的，在 issue.toml 中确认。";
    TEXT_TIE = "Y0511" Warning "并列使部门多于所写的个数",
        "正文列出前几名或后几名的部门，最后一名有并列，列出的部门比括号里的个数多。",
        "核对这句话的说法，或改括号里的个数。";
    TEXT_YEAR_INCOMPLETE = "Y0512" Warning "累计数没有计入今年的每个月",
        "正文中累计数所说的部门、列或表，今年有几个月不在统计期内（since、until），这几个月没有计入。",
        "部门改了名、列或表换了新的，把新旧两者的累计加起来，如 ytd(表[\"新名\"].列) + ytd(表[\"旧名\"].列)；情况属实的，在 issue.toml 中确认。";
    TEXT_OPERAND_MISSING = "Y0513" Warning "正文的数由漏填的数算出",
        "正文中的一个数由算式得出，而算式用到的单元格有漏填的。加减时漏填的不计，得出的数多半不对（如与上月相比少了 100%）。",
        "向部门核实后补填，没有此项业务填“/”；或改写这句话。情况属实的，在 issue.toml 中确认。";
    TEXT_STRAY_BRACES = "Y0514" Error "括号不是成对的 {{ }}",
        "正文中有落单的 }}，或一半英文、一半全角的括号，或不是英文双括号的括号里写着数的名称：名称会原样印出。",
        "数写成 {{ figures.名称 }}，两边各两个英文括号；要印出括号本身，用全角的“｛｛”和“｝｝”。";
    TEXT_NOT_EVALUATED = "Y0515" Error "这里不能用 {{ }}",
        "月报名称、主办单位、版记、表头和图片的文字说明里的 {{ }} 不会换成数，会原样印出。",
        "写成固定的文字，或删去 {{ }}；随月份变的话，写进正文、标题或附表标题。";

    TEMPLATE_MISSING = "Y0601" Error "没有排版模板",
        "templates 文件夹中没有 yuebao.toml 所指的模板。",
        "检查 template 的名称，或从一份新的月报（yuebao init）中复制 templates 文件夹。";
    TEMPLATE_FAULT = "Y0602" Error "排版模板有误",
        "模板 main.typ.j2 的写法不对，或用到了没有的名称。",
        "请维护模板的同事按提示的行和列修改。";
    TYPESETTING_FAULT = "Y0603" Error "排版出错",
        "排版引擎 Typst 在模板或生成的源码中遇到错误。",
        "请维护模板的同事按提示的行和列修改；没有改过模板时，请报告给开发者。";
    TYPESETTING_WARNING = "Y0604" Warning "排版提醒",
        "排版引擎 Typst 给出一条提醒。",
        "请维护模板的同事查看。";
    FONT_MISSING = "Y0605" Error "缺少字体",
        "yuebao.toml 的 [fonts] 中声明的一种字体不在 fonts 文件夹中。",
        "把字体文件放进 fonts 文件夹，或改用已有的字体；yuebao fonts 可列出各种用途的字体，和 fonts 文件夹里没有用到的字体。";
    FONT_UNREADABLE = "Y0606" Error "字体文件不能用",
        "fonts 文件夹中的一个文件不是完整的字体文件，或内容已损坏（与字体自带的校验和不符）。",
        "换成完整的文件，或移走它。";
    GLYPH_MISSING = "Y0607" Error "字体里没有这个字",
        "所用的各种字体都没有某个字，印出来会是空框。",
        "换一个字；或把有这个字的字体放进 fonts 文件夹，并写进 yuebao.toml 中相应用途的 families。";
    SYSTEM_FONTS = "Y0608" Warning "使用本机的字体",
        "允许使用本机安装的字体后，换一台电脑印出的版面可能不同，也不能保证重新生成的文件逐字节相同。",
        "要各处一致，在 [fonts] 中写 system = false。";
    SOURCE_NOT_ATTACHED = "Y0609" Warning "表格没有附在 PDF 里",
        "生成这一期所用的一个文件没有随 PDF 一起保存：排版模板没有附上它，或者文件名里有反斜杠。",
        "请维护模板的同事补上；不需要附带时，在 yuebao.toml 的 [pdf] 中写 attach_sources = false。";
    COLUMN_NARROW = "Y0610" Warning "列太窄，数缩小后才放得下",
        "附表中有的数（或英文词、汉字）比它的列宽，已缩小印出，免得压住旁边的格。要缩到小六号以下的看不清，根本放不下的印不出，都是错误。",
        "在 yuebao.toml 中加大这一列的 width，减小别的列；或换大一些的单位（如万元），减少小数位数。";
    OUTSIDE_PAGE = "Y0611" Error "印到了纸外",
        "排好的页面上有文字或图片越出了纸边，印出来就看不见或不全；图片被自己的说明挤得没有地方，也是这样。越出版心而还在纸上的不算，页面背景（background）不算。",
        "缩短提示的文字或图片说明，断开很长的网址、英文词；是附表的，检查列宽（width）和表头。改过排版模板的，检查模板里的尺寸；要越出纸边的装饰，请放进页面的 background。";
    ROW_TOO_HIGH = "Y0612" Error "附表的一行比一页还高",
        "列太窄而名称或表头太长，要占很多行，附表的一行（或整个表头）比一页还高，放不下。",
        "在 yuebao.toml 中加大那一列的 width，减小别的列；或缩短部门名称、表头。";
    MASTHEAD_CRAMPED = "Y0613" Warning "报头、版记放不下",
        "月报名称太长，要缩得很小才能排在一行；或主办单位太长，缩到最小仍要占很多行，会压住期号和名称；或版记比一页还长，会压住页码。",
        "在 yuebao.toml 的 [bulletin] 中缩短 title 或 publisher，在 [imprint] 中缩短 report_to 或 send_to。";

    OUTPUT_UNWRITABLE = "Y0701" Error "无法写入",
        "没有写入权限、磁盘已满，或文件正被阅读器打开。原有的文件没有改动。",
        "关闭正在打开它的程序，检查 output 文件夹的权限和磁盘空间，再运行一次。";
    INPUT_CHANGED_MEANWHILE = "Y0702" Error "文件正在被改动",
        "读取以后、写出结果以前，生成所用的一个文件又被改动：读到的可能是没有存完的内容，或已不是现在的内容。原有的输出没有改动。",
        "等保存或复制完成，再运行一次。";
    PROGRAM_FAULT = "Y0703" Error "程序内部出错",
        "处理这个月时程序自己出了错，其他月份不受影响。原有的输出没有改动。",
        "请把提示和这个月的文件发给开发者。";
    OUTPUT_LOCKED = "Y0704" Error "另一个程序正在写",
        "另一个 yuebao 正在写同一个月的文件，或正在收同一个月的答复，等了很久还没有完。原有的文件没有改动。",
        "等它结束，或结束那个程序，再运行一次。";
    RECORD_MISSING = "Y0705" Error "没有生成记录",
        "这个月没有用这个程序生成过，或 output/.state 里的记录被删去，没有可以核对的依据。",
        "用 yuebao build 生成这个月，以后就能核对。";
    RECORD_UNUSABLE = "Y0706" Error "生成记录不能用",
        "output/.state 里这个月的记录已损坏，或是更新版本的程序写的。",
        "用 yuebao build 重新生成这个月；记录是新版程序写的，请换用新版程序核对。";
    RESULT_DIFFERS_BY_INPUT = "Y0707" Error "改动后结果不同",
        "生成以后又改动过数据、文字、设置、模板或字体，现在生成的结果与记录不同。",
        "确实要改，请用 yuebao build 重新生成；不该改动，请从备份中恢复原来的文件。";
    RESULT_DIFFERS_BY_PROGRAM = "Y0708" Error "换了程序后结果不同",
        "记录是另一个版本的程序写的，现在的程序生成的结果与它不同。",
        "要与原来的逐字节相同，请用原来版本的程序；要采用新的结果，请用 yuebao build 重新生成。";
    RESULT_NOT_REPRODUCIBLE = "Y0709" Error "结果不能重现",
        "程序、数据和设置都与记录相同，生成的结果却不同。这不应发生。",
        "请把提示和这个月的文件发给开发者。";
    OUTPUT_ALTERED = "Y0710" Error "生成的文件被改动",
        "output 里的文件与当时生成的不同，或已被删去。",
        "不是有意改动的，请用 yuebao build 重新生成。";

    TABLE_FROM_BOTH = "Y0901" Error "既有汇总表又有各部门的答复",
        "同一张表既有填了数的汇总表，又有收上来的各部门答复，不知该用哪一种。",
        "用各部门的答复时，把汇总表移走；用汇总表时，把当月的 answers 文件夹移走。";
    ANSWER_CHANGED = "Y0902" Warning "答复收上来以后改动过",
        "answers 文件夹里的答复与收的时候不同，多半是手工改过。现在用的是改动后的内容。",
        "确实要改，用 yuebao collect 再收一次这个文件，记下改动；不该改动，从备份中恢复，或重新收部门的原件。";
    ANSWER_UNIDENTIFIED = "Y0903" Error "认不出是哪个部门的",
        "文件里没有发出时写入的标记，表中也没有一个登记过的部门名称。",
        "在表的部门一栏填上名册里的全称或简称，再收一次；名册里还没有的，先在 data/departments.toml 中登记。";
    ANSWER_OF_SEVERAL = "Y0904" Error "一个文件里有几个部门",
        "一份答复只能是一个部门的；几个部门合在一起的表，是汇总表。",
        "请各部门分别报送；确实是汇总表的，直接放进 data 下当月的文件夹，文件名照提示的写。";
    ANSWER_OTHER_DEPARTMENT = "Y0905" Error "部门名称被改过",
        "这份表是发给一个部门的，部门一栏却写着别的名称，不知是哪个部门的数。",
        "核对是哪个部门的数，改回原来的名称；填错了别的部门的表，请改用自己的表。";
    ANSWER_WRONG_MONTH = "Y0906" Error "不是这个月的表",
        "文件的标记或标题写的是另一个月份。",
        "请部门改用这个月的表重新填报；放错了月份的，用那个月份再收一次。";
    ANSWER_WRONG_BULLETIN = "Y0907" Error "不是这份月报的表",
        "文件的标记写的是另一份月报。",
        "核对是不是收错了文件。";
    ANSWER_NOT_ASKED = "Y0908" Error "这个部门不用报",
        "按名册，这个部门不在或这个月不参加统计。",
        "核对是不是收错了文件，或修改名册 data/departments.toml。";
    ANSWER_TWICE = "Y0909" Warning "一个部门报了两份",
        "同一个部门有几份答复，每张表采用文件自己记下的保存时间最晚的一份。",
        "核对采用的是不是部门要报的那一份；不是的，只留下要用的一份，再收一次。";
    ANSWER_ORDER_UNKNOWN = "Y0910" Error "分不出哪一份在后",
        "同一个部门有几份内容不同的答复，保存时间相同或没有记下，分不出先后。",
        "向部门核实，只留下要用的一份，再收一次。";
    ANSWER_OLDER = "Y0911" Warning "比已收的一份旧",
        "这个部门（或它的这张表）已经收过保存时间更晚的答复，这一份没有采用。",
        "确实要改用这一份，请部门打开后重新保存，再收一次。";
    ANSWER_BLANK = "Y0912" Error "表还没有填",
        "要部门填的单元格全是空白的。",
        "请部门填好再报。没有业务的也要逐格填“/”或 0。";
    ANSWER_COLUMNS_MOVED = "Y0913" Warning "列的位置变了",
        "各列的先后与发出的表不同，已按表头读取。",
        "核对各列的数是否还在自己的表头下面。";
    ANSWER_FORM_OUTDATED = "Y0914" Warning "用的是旧的空白表",
        "空白表发出以后，yuebao.toml 里的表又有改动，这份答复用的是改动以前的空白表。",
        "核对缺不缺数；必要时用 yuebao forms 重新生成空白表，请部门重填。";
    ANSWERS_ARCHIVE_REFUSED = "Y0915" Error "压缩包不能用",
        "压缩包里有指向外面的路径、还有压缩包、文件太多，或解压后太大。为了安全，整个压缩包都没有打开。",
        "请先用解压软件解开，检查后再收解开的文件夹。";
    ANSWERS_MISSING = "Y0916" Warning "还有部门没有报",
        "这个月参加统计的部门中，有的还没有一份可以用的答复。",
        "向这些部门催报；yuebao status 可列出名单和催报的文字。";
    ANSWER_UNREADABLE = "Y0917" Error "文件打不开",
        "指定的文件或文件夹不存在，或没有权限打开。",
        "检查文件名和位置；关闭正在打开它的程序。";
    CORRECTION_WAITING = "Y0918" Warning "更正还没有采用",
        "部门后来又报了一份，但有错误，没有采用；印的还是以前收的那一份中的数。",
        "请部门改好再报，再收一次；确实用原来那一份的，在 issue.toml 中确认这条提醒。";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_ascend() {
        let codes: Vec<&str> = all().map(|rule| rule.code).collect();
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "{codes:?}");
    }
}
