//go:build !js

package i18n

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// load reads all that is said in a language; an id stands in one file only.
func load(t *testing.T, lang string) Catalog {
	t.Helper()
	c, all := Catalog{Lang: lang, texts: map[string]string{}}, 0
	for _, read := range []func(string) ([]byte, error){JSON, DialectJSON} {
		data, err := read(lang)
		if err != nil {
			t.Fatal(err)
		}
		one, err := Parse(lang, data)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Add(data); err != nil {
			t.Fatal(err)
		}
		all += len(one.texts)
	}
	if len(c.texts) != all {
		t.Errorf("%s: %d ids stand in both files", lang, all-len(c.texts))
	}
	return c
}

func TestSameIDsAndPlaceholders(t *testing.T) {
	first := load(t, Languages[0])
	if len(first.IDs()) == 0 {
		t.Fatal("no sentences")
	}
	for _, lang := range Languages[1:] {
		c := load(t, lang)
		for _, id := range first.IDs() {
			s, ok := c.texts[id]
			if !ok {
				t.Errorf("%s lacks %q", lang, id)
			} else if got, want := names(s), names(first.texts[id]); !slices.Equal(got, want) {
				t.Errorf("%s %q has placeholders %q, %s has %q", lang, id, got, first.Lang, want)
			}
		}
		for _, id := range c.IDs() {
			if _, ok := first.texts[id]; !ok {
				t.Errorf("%s lacks %q, which %s has", first.Lang, id, lang)
			}
		}
	}
}

func names(sentence string) (names []string) {
	for _, p := range split(sentence) {
		if p.Name != "" {
			names = append(names, p.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestSentences(t *testing.T) {
	for _, lang := range Languages {
		c := load(t, lang)
		for _, id := range c.IDs() {
			s := c.texts[id]
			if strings.TrimSpace(s) == "" {
				t.Errorf("%s %q is empty", lang, id)
			}
			if strings.Count(s, "{") != strings.Count(s, "}") {
				t.Errorf("%s %q has an odd brace: %q", lang, id, s)
			}
			stem, suffix, _ := cutLast(id)
			if !slices.Contains([]string{one, few, many, other}, suffix) {
				continue
			}
			for _, f := range []string{one, few, many, other} {
				if _, ok := c.texts[stem+"."+f]; !ok {
					t.Errorf("%s %q lacks the plural form %q", lang, stem, f)
				}
			}
		}
	}
}

func cutLast(id string) (stem, suffix string, ok bool) {
	i := strings.LastIndexByte(id, '.')
	if i < 0 {
		return id, "", false
	}
	return id[:i], id[i+1:], true
}

// The files are kept in order of their ids, each once: encoding/json would
// silently take the last of two.
func TestFilesAreSorted(t *testing.T) {
	for _, lang := range Languages {
		for _, read := range []func(string) ([]byte, error){JSON, DialectJSON} {
			data, err := read(lang)
			if err != nil {
				t.Fatal(err)
			}
			ids, err := keysInOrder(data)
			if err != nil {
				t.Fatalf("%s: %v", lang, err)
			}
			for i := 1; i < len(ids); i++ {
				if ids[i-1] >= ids[i] {
					t.Errorf("%s.json: %q stands before %q", lang, ids[i-1], ids[i])
				}
			}
		}
	}
}

func keysInOrder(data []byte) (ids []string, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	if _, err := d.Token(); err != nil { // {
		return nil, err
	}
	for d.More() {
		id, err := d.Token()
		if err != nil {
			return nil, err
		}
		if sentence, err := d.Token(); err != nil {
			return nil, err
		} else if _, ok := sentence.(string); !ok {
			return nil, fmt.Errorf("%v is not a string", id)
		}
		ids = append(ids, id.(string))
	}
	return ids, nil
}

func TestT(t *testing.T) {
	c, err := Parse("ru", []byte(`{
		"plain": "Привет",
		"of": "{n} из {total}, {n}",
		"open": "a { b",
		"step.one": "{n} шаг", "step.few": "{n} шага", "step.many": "{n} шагов", "step.other": "{n} шага"}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		id   string
		args []any
		want string
	}{
		{"plain", nil, "Привет"},
		{"missing.id", nil, "missing.id"},
		{"of", []any{"n", 3, "total", 20}, "3 из 20, 3"},
		{"of", []any{"n", 3}, "3 из {total}, 3"},
		{"of", []any{"n"}, "{n} из {total}, {n}"},
		{"open", nil, "a { b"},
		{"step", []any{"n", 1}, "1 шаг"},
		{"step", []any{"n", 22}, "22 шага"},
		{"step", []any{"n", 11}, "11 шагов"},
		{"step", []any{"n", 1.5}, "1.5 шага"},
		{"step", nil, "{n} шага"},
	} {
		if got := c.T(test.id, test.args...); got != test.want {
			t.Errorf("T(%q, %v) = %q, want %q", test.id, test.args, got, test.want)
		}
	}
	if !c.Has("step") || !c.Has("plain") || c.Has("ste") {
		t.Error("Has is wrong about step, plain or ste")
	}
}

func TestParts(t *testing.T) {
	c, _ := Parse("en", []byte(`{"setup": "{who} logs in to {host}."}`))
	want := []Part{{Name: "who"}, {Text: " logs in to "}, {Name: "host"}, {Text: "."}}
	if got := c.Parts("setup"); !slices.Equal(got, want) {
		t.Errorf("Parts = %q, want %q", got, want)
	}
}

func TestPluralForms(t *testing.T) {
	for _, test := range []struct{ lang, want string }{
		{"en", "other one other other other other other other"},
		{"zh", "other other other other other other other other"},
		{"ru", "many one few many many many one few"},
	} {
		var got []string
		for _, n := range []int{0, 1, 2, 5, 11, 12, 21, 104} {
			got = append(got, form(test.lang, n))
		}
		if s := strings.Join(got, " "); s != test.want {
			t.Errorf("%s: %s, want %s", test.lang, s, test.want)
		}
	}
	if form("ru", -1) != one {
		t.Error("minus one is not one")
	}
}
