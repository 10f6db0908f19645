// Package i18n holds what a person reads, one flat JSON object per language:
// id to sentence. A sentence names what is put into it in braces, "{n} of
// {total}"; an id ending in .one, .few, .many or .other is a plural form.
// Every language has the same ids and placeholders; one that does not tell two
// plural forms apart repeats the sentence.
//
// Natively all languages are linked in. In the browser none is: the page's
// loader fetches the page's language and leaves it for Load. What is said of the
// dialects is in files of its own, which few need: see Add.
package i18n

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Languages are the languages of the page, in the order they are offered.
// A page's path begins with its language: /en/.
var Languages = []string{"en", "zh", "ru"}

// A Catalog is the sentences of one language. It is small to copy; the zero
// Catalog shows every id as itself.
type Catalog struct {
	Lang  string // one of Languages
	texts map[string]string
}

// Parse reads a flat JSON object of sentences.
func Parse(lang string, data []byte) (Catalog, error) {
	c := Catalog{Lang: lang}
	if err := json.Unmarshal(data, &c.texts); err != nil {
		return Catalog{Lang: lang}, fmt.Errorf("i18n: %s.json: %w", lang, err)
	}
	return c, nil
}

// Add reads more sentences into the catalog and all its copies.
func (c Catalog) Add(data []byte) error {
	if err := json.Unmarshal(data, &c.texts); err != nil {
		return fmt.Errorf("i18n: more of %s: %w", c.Lang, err)
	}
	return nil
}

// Has tells whether there is a sentence for id, or plural forms of one.
func (c Catalog) Has(id string) bool {
	_, one := c.texts[id]
	_, many := c.texts[id+"."+other]
	return one || many
}

// T returns the sentence for id with its placeholders filled from args, which
// are pairs of a name and a value: T("step.of", "n", 3, "total", 20). Where id
// has plural forms, the value named n chooses. An id without a sentence is
// returned as it is, a placeholder without a value stays.
func (c Catalog) T(id string, args ...any) string {
	var b strings.Builder
	for _, p := range c.Parts(id, args...) {
		if p.Name == "" {
			b.WriteString(p.Text)
			continue
		}
		if v, ok := value(args, p.Name); ok {
			fmt.Fprint(&b, v)
		} else {
			b.WriteString("{" + p.Name + "}")
		}
	}
	return b.String()
}

// A Part is a stretch of a sentence: words, or the place of a value.
type Part struct {
	Text string // the words, if Name is empty
	Name string // the placeholder's name
}

// Parts cuts the sentence for id at its placeholders, for a sentence whose
// values are elements of the page: their order differs between languages.
// Of args only n is looked at, to choose a plural form.
func (c Catalog) Parts(id string, args ...any) []Part {
	return split(c.sentence(id, args))
}

func (c Catalog) sentence(id string, args []any) string {
	if s, ok := c.texts[id]; ok {
		return s
	}
	if n, ok := value(args, "n"); ok {
		if s, ok := c.texts[id+"."+form(c.Lang, n)]; ok {
			return s
		}
	}
	if s, ok := c.texts[id+"."+other]; ok {
		return s
	}
	return id
}

// value returns the value that follows name in the pairs args.
func value(args []any, name string) (any, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1], true
		}
	}
	return nil, false
}

func split(s string) []Part {
	var parts []Part
	for s != "" {
		open := strings.IndexByte(s, '{')
		if open < 0 {
			return append(parts, Part{Text: s})
		}
		length := strings.IndexByte(s[open:], '}')
		if length < 2 { // no closing brace, or nothing between: plain words
			return append(parts, Part{Text: s})
		}
		if open > 0 {
			parts = append(parts, Part{Text: s[:open]})
		}
		parts = append(parts, Part{Name: s[open+1 : open+length]})
		s = s[open+length+1:]
	}
	return parts
}
