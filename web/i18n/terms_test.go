//go:build !js

package i18n_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/web/i18n"
)

// The words of the page: one for each thing, in English, 简体中文 and Русский.
// Names of mechanisms, verbs, keywords and codes are never translated. The
// English word stands in brackets where the translation alone is not known.
const glossary = `
authentication          | 身份验证          | аутентификация
authorization           | 授权              | авторизация
authorization identity  | 授权身份          | идентификатор авторизации
log-in                  | 登录              | вход
user name               | 用户名            | имя пользователя
password                | 密码              | пароль
mechanism               | 认证机制          | механизм
challenge               | 质询              | запрос сервера (challenge)
response                | 响应              | ответ клиента
initial response        | 初始响应          | начальный ответ
prompt                  | 提示              | приглашение
reply                   | 应答              | ответ сервера
enhanced status code    | 增强状态码        | расширенный код состояния
command                 | 命令              | команда
greeting                | 问候语            | приветствие
session                 | 会话              | сеанс
scenario                | 场景              | сценарий
set-up                  | 设置              | настройки
step                    | 步骤              | шаг
state machine           | 状态机            | конечный автомат
offer                   | 提供              | предлагать
list                    | 列出              | перечислять
refuse                  | 拒绝              | отклонить
fall back               | 退回              | перейти
departs                 | 与 RFC 不符       | отклонение от RFC
handshake               | 握手              | рукопожатие
record                  | 记录              | запись
certificate             | 证书              | сертификат
channel binding         | 信道绑定          | привязка к каналу
inside TLS              | TLS 内            | внутри TLS
implicit TLS            | 隐式 TLS          | неявный TLS
in clear text           | 明文              | открытым текстом
wire                    | 线路              | сеть
encryption              | 加密              | шифрование
encoding                | 编码              | кодирование
byte                    | 字节              | байт
block                   | 分组              | блок
hash                    | 哈希              | хеш
digest                  | 摘要              | дайджест
key                     | 密钥              | ключ
pad                     | 填充              | дополнение
salt                    | 盐值              | соль
iteration count         | 迭代次数          | число итераций
nonce                   | 随机数（nonce）   | одноразовое число (nonce)
proof                   | 证明              | доказательство
verifier                | 验证值            | верификатор
store                   | 服务器的存储      | хранилище
scope                   | 范围（scope）     | область действия (scope)
audience                | 受众              | адресат
trace                   | 跟踪信息（trace） | пометка для журнала (trace)
eavesdropper            | 窃听者            | перехватчик
somebody in the middle  | 中间人            | посредник
guess                   | 猜测              | подбирать
replay                  | 重放              | воспроизводит (replay)
stripped                | 剥离              | удалена
relaying                | 中继              | ретрансляция
open relay              | 开放中继          | открытый релей
submission              | 邮件提交          | отправка почты
mail transaction        | 邮件事务          | почтовая транзакция
envelope sender         | 信封发件人        | отправитель на конверте
reverse-path            | 反向路径          | обратный путь
forward-path            | 正向路径          | прямой путь
header                  | 首部              | заголовок
body                    | 正文              | тело
temporary failure       | 暂时性失败        | временный отказ
permanent               | 永久性失败        | постоянный отказ
`

// A sentence says what the glossary says: every word is in use in its language.
func TestGlossaryIsSpoken(t *testing.T) {
	for i, lang := range i18n.Languages {
		c := i18n.LoadAll(lang)
		for line := range strings.Lines(strings.TrimSpace(glossary)) {
			term := strings.TrimSpace(strings.Split(line, "|")[i])
			if !slices.ContainsFunc(c.IDs(), func(id string) bool { return speaks(c.T(id), term) }) {
				t.Errorf("%s: no sentence has %q", lang, term)
			}
		}
	}
}

// speaks reports whether a sentence has all words of a term, whatever their
// endings.
func speaks(sentence, term string) bool {
	sentence = strings.ToLower(sentence)
	for _, w := range strings.Fields(strings.ToLower(term)) {
		stem := []rune(w)
		if stem[0] >= 'а' && stem[0] <= 'я' && len(stem) > 4 {
			stem = stem[:len(stem)-2]
		}
		if !strings.Contains(sentence, string(stem)) {
			return false
		}
	}
	return true
}

// A ban keeps out what a thing is not called: a pattern in one language, a
// sentence that it finds, the phrases in which the word is right, and the ids
// where it is.
type ban struct {
	lang, say, pattern, found string
	right                     string
	ids                       []string
}

const commands = `(AUTH|EHLO|HELO|MAIL|RCPT|STARTTLS|DATA|RSET|QUIT|NOOP)`

var bans = []ban{
	{"en", "eavesdropper", `\b[Ll]isteners?\b|\b(who|whoever) listens\b`, "A listener sees", "", nil},
	{"en", "inside TLS", `\b([Uu]nder|[Ww]ithin) TLS\b`, "only under TLS", "", nil},
	{"en", "byte", `\b[Oo]ctets?\b`, "in octets", "", nil},
	{"en", "after", `\b[Bb]ehind\b`, "A space behind the code", "", []string{"meeting.thunderbird.story"}},
	{"en", "whoever", `(^|[.:;,] |[Oo]nly |so )[Ww]ho [a-z]+s\b`, "as good as the password: who steals it logs in", "",
		[]string{"meeting.text-334.reads", "meeting.text-334.skips", "rule.AUTH-11", "ui.tab.knows"}}, // questions
	{"en", "besides, except", `\b[Bb]eside\b|\bbut for (that|those|the)\b`, "All randomness, but for that of TLS", "", []string{"scenario.xoauth2.watch"}},
	{"en", "upper or lower case", `\bin any case\b`, "count in any case", "", nil},
	{"en", "the plain verb", `\bstays?\b|\b(go|goes|went) on\b|\bat home\b|\bcom(e|es) of it\b|\bhears? (of|that|it|so)\b|\ball the same\b|\bon offer\b|\bso far so good\b`, "The client goes on", "", nil},
	{"en", "two words", `n’t\b|’(re|ll|ve)\b|\b([Ii]t|[Tt]hat|[Tt]here|[Ww]hat)’s\b`, "It’s wrong", "", nil},

	{"zh", "应答，响应", `回答|答以|答复|作答|相问`, "服务器回答 250", "", []string{"fault.kdc-answer", "fault.kdc-key", "reason.kdc-answer",
		"reason.kdc-key", "scenario.gssapi-wrong-password.watch", "scenario.gssapi.watch"}}, // the key distribution centre’s
	{"zh", "身份验证", `认证`, "客户端取消了认证", `认证(机制|身份|过程|符)`, nil},
	{"zh", "身份验证", `(只做|整个|通过|通过了)验证|验证(不通过|任何人)`, "验证不通过", "", nil},
	{"zh", "质询", `挑战`, "服务器的挑战", "", nil},
	{"zh", "匿名，未登录", `无名`, "以无名身份登录", "", nil},
	{"zh", "跟踪信息（trace）", `踪迹`, "踪迹文本", "", nil},
	{"zh", "重放", `录音|重发`, "旧的录音", "", []string{"quirk.extra-again", "quirk.plain-again"}}, // sent again by its author
	{"zh", "分组", `块`, "第 1 块", "", nil},
	{"zh", "盐值", `盐`, "只有盐和哈希", `盐值|加盐`, nil},
	{"zh", "验证值", `校验值`, "校验值", "", nil},
	{"zh", "字节", `八位组`, "八位组 1", "", nil},
	{"zh", "TLS 内", `TLS (之内|之下|中([^间]|$))`, "TLS 之内", "", nil},
	{"zh", "场景", `情景`, "按情景原样", "", nil},
	{"zh", "暂时性失败", `临时`, "临时失败", "", nil},
	{"zh", "代表", `行使(身份|的)`, "行使的其他身份", "", nil},
	{"zh", "与 RFC 不符", `偏离`, "偏离 RFC 之处", "", nil},
	{"zh", "保存", `存储`, "存储的密码", `服务器的存储|偷走存储`, nil},
	{"zh", "书面语", `管用|说完|出门|藏不住|退而求其次|再来一次`, "密码不出门", "", nil},

	{"ru", "перехватчик", `[Пп]одслуш`, "Подслушивающий видит", "", nil},
	{"ru", "подбирать", `[Дд]огад`, "проверять догадки", "", nil},
	{"ru", "байт", `[Оо]ктет`, "октет 1", "", nil},
	{"ru", "отклонение от RFC, перейти на", `[Оо]тступ`, "Отступление от RFC", "", nil},
	{"ru", "сеть, канал", `(^|\P{L})[Лл]ини(я|и|ю|ей|е|ях)(\P{L}|$)`, "на линии", "", nil},
	{"ru", "запрос сервера (challenge)", `(^|\P{L})[Зз]апрос(а|у|ом|е|ы|ов|ам|ами|ах)?(\P{L}|$)`, "пустой запрос PLAIN",
		`[Зз]апрос\p{L}* (сервера|\(challenge\))`, []string{"load.status", "ui.short.asking"}}, // of the browser
	{"ru", "приглашение", `[Пп]одсказ`, "Сервер с другими подсказками", "", nil},
	{"ru", "отклонять", `[Оо]тверг|[Оо]твер[гж]а`, "письмо отвергнуто", "", nil},
	{"ru", "предлагать, перечислять", `[Оо]бъявл|[Оо]бъявит`, "AUTH не объявлена", "", nil},
	{"ru", "релей, ретрансляция", `[Рр]етранслятор`, "Ретранслятор передаёт", "", nil},
	{"ru", "более стойкий", `(^|\P{L})[Сс]ильн`, "сильный механизм", "", nil},
	{"ru", "настройки", `[Нн]астройк(а|у|е|ой)(\P{L}|$)`, "Эта настройка", "", nil},
	{"ru", "пометка для журнала (trace)", `(^|\P{L})[Сс]лед(а|ом|у|е|ы|ов)?(\P{L}|$)`, "со следом для журнала", "", nil},
	{"ru", "команда", `[Пп]риказ`, "за приказ себе", "", nil},
	{"ru", "идентификатор авторизации", `[Лл]ичност`, "Другую личность", "", nil},
	{"ru", "сеанс", `[Сс]есси`, "в этой сессии", "", nil},
	{"ru", "злоумышленник", `[Вв]зломщик`, "от взломщика", "", nil},
	{"ru", "поразрядно", `[Пп]обитно`, "побитно", "", nil},
	{"ru", "песочница", `[Пп]лощадк`, "К площадке", "", nil},
	{"ru", "RFC мужского рода", `([оэ]й|[Сс]ама|[Ээ]та) RFC`, "Пример из самой RFC 2195", "", nil},
	{"ru", "команда женского рода", `(втор|перв|повторн|следующ|прежн|нов|одн|пуст)(ого|ому|ым|ом|ый|ий|им|его|ему|ем) ` + commands + `|` + commands + ` (отклонён|принят|послан|предложен)(\P{L}|$)`,
		"после второго AUTH", "", nil},
}

func TestTermsAreOne(t *testing.T) {
	for _, lang := range i18n.Languages {
		c := i18n.LoadAll(lang)
		for _, b := range bans {
			if b.lang != lang {
				continue
			}
			pattern, right := regexp.MustCompile(b.pattern), regexp.MustCompile(b.right)
			breaks := func(sentence string) bool {
				sentence = placeholder.ReplaceAllString(sentence, "{}")
				if b.right != "" {
					sentence = right.ReplaceAllString(sentence, "")
				}
				return pattern.MatchString(sentence)
			}
			if !breaks(b.found) {
				t.Errorf("%s: the ban in favour of %q does not find %q", lang, b.say, b.found)
			}
			for _, id := range c.IDs() {
				if excused := slices.Contains(b.ids, id); breaks(c.T(id)) != excused {
					t.Errorf("%s %q: say %s, or excuse it no more: %q", lang, id, b.say, c.T(id))
				}
			}
			for _, id := range b.ids {
				if !c.Has(id) {
					t.Errorf("%s: the ban in favour of %q excuses %q, which is gone", lang, b.say, id)
				}
			}
		}
	}
}
