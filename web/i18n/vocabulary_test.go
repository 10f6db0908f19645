//go:build !js

package i18n_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/trace"
	"example.org/smtpauth/web/i18n"
)

// Every id that a frame may hold has a sentence, and so has what the page says
// of each operation and each scenario.
func TestVocabularyIsWorded(t *testing.T) {
	ids := session.Vocabulary()
	for _, op := range trace.Ops {
		ids = append(ids, "op."+string(op)+".text")
	}
	for _, s := range scenario.All {
		ids = append(ids, "scenario."+s.ID+".title", "scenario."+s.ID+".watch")
	}
	for _, lang := range i18n.Languages {
		c := i18n.LoadAll(lang)
		for _, id := range ids {
			if !c.Has(id) {
				t.Errorf("%s lacks %q", lang, id)
			}
		}
	}
}

// The bound that sentences name is the one that holds.
func TestWorkIsNamed(t *testing.T) {
	for _, lang := range i18n.Languages {
		c := i18n.LoadAll(lang)
		for _, id := range []string{"fault.too-much-work", "ui.link.work", "ui.trouble.work"} {
			digits := strings.Map(func(r rune) rune {
				if unicode.IsDigit(r) {
					return r
				}
				return -1
			}, c.T(id))
			if want := strconv.Itoa(session.MaxWork); !strings.HasPrefix(digits, want) {
				t.Errorf("%s %q says %q, want %s in it", lang, id, c.T(id), want)
			}
		}
	}
}

// Sentences that explain are written for their id: no two rules, faults,
// operations or scenarios are explained alike.
func TestExplanationsDiffer(t *testing.T) {
	explains := regexp.MustCompile(`^(rule|fault)\.|^(op|scenario)\..*\.(text|title|watch)$`)
	for _, lang := range i18n.Languages {
		c := i18n.LoadAll(lang)
		first := map[string]string{}
		for _, id := range c.IDs() {
			if !explains.MatchString(id) {
				continue
			}
			s := c.T(id)
			if other, taken := first[s]; taken {
				t.Errorf("%s: %q and %q are both %q", lang, other, id, s)
			}
			first[s] = id
		}
	}
}

// A sentence may be the same in all languages only where it is nothing but
// names.
func TestSentencesAreTranslated(t *testing.T) {
	en, zh, ru := i18n.LoadAll("en"), i18n.LoadAll("zh"), i18n.LoadAll("ru")
	for _, id := range en.IDs() {
		if s := en.T(id); s == zh.T(id) && s == ru.T(id) && !onlyNames(s) {
			t.Errorf("%q is %q in all languages", id, s)
		}
	}
}

// What a table of names, a few lines beside a word, and a learner's glance can
// hold, in characters.
var longest = map[string]int{"rule": 260, "fault": 260, "gloss": 150, "label": 60, "phase": 20, "client": 32, "server": 40}

func TestSentencesAreShort(t *testing.T) {
	for _, lang := range i18n.Languages {
		c := i18n.LoadAll(lang)
		for _, id := range c.IDs() {
			kind, _, _ := strings.Cut(id, ".")
			if n := len([]rune(c.T(id))); longest[kind] > 0 && n > longest[kind] {
				t.Errorf("%s %q has %d characters, more than %d", lang, id, n, longest[kind])
			}
		}
	}
}

// breath is how much one sentence may hold: words, or Chinese characters.
var breath = map[string]int{"en": 25, "zh": 45, "ru": 20}

var (
	sentenceEnd = regexp.MustCompile(`[.?!]\s|[。？！]`)
	han         = regexp.MustCompile(`\p{Han}`)
)

func TestSentencesAreOneBreath(t *testing.T) {
	for _, lang := range i18n.Languages {
		c := i18n.LoadAll(lang)
		for _, id := range c.IDs() {
			if id == "page.description" { // a list of names
				continue
			}
			for _, s := range sentenceEnd.Split(c.T(id), -1) {
				if n := length(lang, s); n > breath[lang] {
					t.Errorf("%s %q: %d words or characters, more than %d: %q", lang, id, n, breath[lang], s)
				}
			}
		}
	}
}

// length counts Chinese characters, or what stands between spaces and has a
// letter or a digit.
func length(lang, s string) (n int) {
	if lang == "zh" {
		return len(han.FindAllString(s, -1))
	}
	for _, w := range strings.Fields(s) {
		if word.MatchString(w) {
			n++
		}
	}
	return n
}

// What stands on buttons and tabs: two words, four characters or 16 letters.
var captions = regexp.MustCompile(`^ui\.(tab|view)\.|^ui\.(acts|back|cards\.all|cards\.fold|close|drawer|help|pause|restart|run|share|share\.copy|step)$|^load\.(again|newer\.leave|newer\.take)$`)

// Captions that are longer, because the shorter ones say less.
var longCaptions = []string{"en ui.tab.knows", "en ui.tab.made"}

func TestCaptionsAreShort(t *testing.T) {
	for _, lang := range i18n.Languages {
		c := i18n.LoadAll(lang)
		for _, id := range c.IDs() {
			if !captions.MatchString(id) {
				continue
			}
			s := c.T(id)
			long := map[string]bool{"en": length("en", s) > 2, "zh": length("zh", s) > 4, "ru": len(letter.FindAllString(s, -1)) > 16}[lang]
			if long != slices.Contains(longCaptions, lang+" "+id) {
				t.Errorf("%s %q is too long, or may be excused no more: %q", lang, id, s)
			}
		}
	}
}

func TestTypography(t *testing.T) {
	for _, lang := range i18n.Languages {
		c := i18n.LoadAll(lang)
		for _, id := range c.IDs() {
			for _, flaw := range flaws(lang, c.T(id)) {
				t.Errorf("%s %q: %s: %q", lang, id, flaw, c.T(id))
			}
		}
	}
}

// A check is a flaw that a pattern finds, in one language or (empty) in all.
type check struct {
	lang, flaw string
	pattern    *regexp.Regexp
}

const (
	wide = `，。：；？！（）、` // Chinese punctuation takes the room of the space
	name = `[A-Za-z0-9]`
)

var checks = []check{
	{"", "a space too many", regexp.MustCompile(`  |^ | $`)},
	{"", "a straight quote", regexp.MustCompile(`["']`)},
	{"", "three dots for an ellipsis", regexp.MustCompile(`\.\.\.`)},
	{"en", "a foreign letter", regexp.MustCompile(`[\p{Han}\p{Cyrillic}]`)},
	{"en", "a foreign quote", regexp.MustCompile(`[«»「」]`)},
	{"ru", "a foreign letter", regexp.MustCompile(`\p{Han}`)},
	{"ru", "a foreign quote", regexp.MustCompile(`[“”「」]`)},
	{"ru", "a hyphen for a dash", regexp.MustCompile(` - `)},
	{"ru", "a dash without its spaces", regexp.MustCompile(`\p{L}—|—\p{L}`)},
	{"ru", "a space that breaks a number", regexp.MustCompile(`[0-9] [0-9]{3}([^0-9]|$)`)},
	{"ru", "a word of two alphabets", regexp.MustCompile(`\p{Cyrillic}[A-Za-z]|[A-Za-z]\p{Cyrillic}`)},
	{"ru", "е for ё", regexp.MustCompile(`(^|[^\p{L}])([Ее]ще|[Ее]е|[Нн]ее|[Мм]ое|[Сс]вое|[Чч]ье|идет|дает|берет|шлет|ждет|пошлет|найдет|придет|пройдет|дойдет|начнет|возьмет|поймет|отчет|счет|учет|прием|причем|путем)([^\p{L}]|$)`)},
	{"ru", "ты for вы", regexp.MustCompile(`(^|[^\p{L}])([Тт]ы|[Тт]ебя|[Тт]ебе|[Тт]во[йяёи])([^\p{L}]|$)`)},
	{"zh", "a foreign letter", regexp.MustCompile(`\p{Cyrillic}`)},
	{"zh", "a foreign quote", regexp.MustCompile(`[«»「」]`)},
	{"zh", "half-width punctuation", regexp.MustCompile(`\p{Han}[,.;:!?()]|[,;:!?()]\p{Han}`)},
	{"zh", "a space beside full-width punctuation", regexp.MustCompile(`[` + wide + `] | [` + wide + `]`)},
	{"zh", "no space between Chinese and Latin", regexp.MustCompile(`\p{Han}` + name + `|` + name + `\p{Han}`)},
	{"zh", "half-width punctuation between names", regexp.MustCompile(`[A-Za-z0-9]:[A-Za-z0-9]|\([A-Za-z]{4}`)},
	{"zh", "a word to the reader", regexp.MustCompile(`[你您]`)},
}

// flaws names what is wrong with a sentence's letters and signs.
func flaws(lang, sentence string) (found []string) {
	for _, c := range checks {
		if (c.lang == "" || c.lang == lang) && c.pattern.MatchString(sentence) {
			found = append(found, c.flaw)
		}
	}
	for _, pair := range []string{"“”", "«»", "（）", "()"} {
		if !balanced(sentence, []rune(pair)) {
			found = append(found, "unbalanced "+pair)
		}
	}
	script := map[string]*unicode.RangeTable{"en": unicode.Latin, "zh": unicode.Han, "ru": unicode.Cyrillic}[lang]
	if !onlyNames(sentence) && !strings.ContainsFunc(sentence, func(r rune) bool { return unicode.Is(script, r) }) {
		found = append(found, "no letter of its language")
	}
	return found
}

// balanced reports whether every opening sign is closed before the next one
// opens.
func balanced(sentence string, pair []rune) bool {
	open := 0
	for _, r := range sentence {
		switch r {
		case pair[0]:
			open++
		case pair[1]:
			open--
		}
		if open < 0 || open > 1 {
			return false
		}
	}
	return open == 0
}

var (
	placeholder = regexp.MustCompile(`\{[^}]*\}`)
	word        = regexp.MustCompile(`[\p{L}\p{N}_-]+`)
	letter      = regexp.MustCompile(`\p{L}`)
	// A name is ASCII and not all small letters: EHLO, SHA-256, base64, HMAC-.
	aName = regexp.MustCompile(`^[A-Za-z_-]*[A-Z0-9][A-Za-z0-9_-]*$`)
	plain = regexp.MustCompile(`^[A-Z]?[a-z]+$`)
)

// onlyNames reports whether a sentence, its placeholders apart, holds nothing
// that could be translated: names and numbers of the protocol, and signs.
func onlyNames(sentence string) bool {
	words := word.FindAllString(placeholder.ReplaceAllString(sentence, ""), -1)
	return !slices.ContainsFunc(words, func(w string) bool { return !aName.MatchString(w) || plain.MatchString(w) })
}

// The checks above find what they are for.
func TestFlawsAreFound(t *testing.T) {
	for _, test := range []struct{ lang, sentence, flaw string }{
		{"en", "Two  spaces", "a space too many"},
		{"en", "The server's", "a straight quote"},
		{"en", "Wait...", "three dots for an ellipsis"},
		{"en", "“open", "unbalanced “”"},
		{"en", "”wrong way“", "unbalanced “”"},
		{"en", "с Cyrillic", "a foreign letter"},
		{"ru", "The server", "no letter of its language"},
		{"ru", "Сервер - это", "a hyphen for a dash"},
		{"ru", "Cервер", "a word of two alphabets"}, // C is Latin
		{"ru", "Сервер еще ждёт", "е for ё"},
		{"ru", "Сервер (ждёт", "unbalanced ()"},
		{"ru", "Нажми, и ты увидишь", "ты for вы"},
		{"zh", "The server", "no letter of its language"},
		{"zh", "服务器,客户端", "half-width punctuation"},
		{"zh", "服务器(EHLO)", "half-width punctuation"},
		{"zh", "服务器： EHLO", "a space beside full-width punctuation"},
		{"zh", "发送EHLO", "no space between Chinese and Latin"},
		{"zh", "（服务器", "unbalanced （）"},
		{"ru", "Сервер—это", "a dash without its spaces"},
		{"ru", "больше 200 000 итераций", "a space that breaks a number"},
		{"zh", "NTLM:Windows 的消息", "half-width punctuation between names"},
		{"zh", "您的密码", "a word to the reader"},
		{"zh", "服务器等待 EHLO：再发送“AUTH”（见 RFC 4954）。", ""},
		{"ru", "Сервер ждёт «EHLO» (RFC 5321) — ещё раз.", ""},
		{"en", "The server waits for “EHLO” (RFC 5321).", ""},
		{"zh", "HMAC-{alg}: {label}", ""},
		{"ru", "STARTTLS", ""},
	} {
		switch got := flaws(test.lang, test.sentence); {
		case test.flaw == "" && len(got) > 0:
			t.Errorf("flaws(%q, %q) = %q, want none", test.lang, test.sentence, got)
		case test.flaw != "" && !slices.Contains(got, test.flaw):
			t.Errorf("flaws(%q, %q) = %q, want %q among them", test.lang, test.sentence, got, test.flaw)
		}
	}
	for sentence, want := range map[string]bool{
		"EHLO": true, "PBKDF2-HMAC-{alg}: {label}": true, "base64, SHA-256": true, "SASLprep": true, "220": true, "{n} / {total}": true,
		"Greeting": false, "EHLO again": false, "Приветствие": false, "问候": false, "é": false,
	} {
		if onlyNames(sentence) != want {
			t.Errorf("onlyNames(%q) = %v", sentence, !want)
		}
	}
}
