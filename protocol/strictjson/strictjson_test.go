package strictjson

import (
	"encoding/json"
	"errors"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

type inner struct {
	Name  string            `json:"name"`
	Count uint16            `json:"count,omitempty"`
	More  *inner            `json:"more,omitempty"`
	List  []inner           `json:"list,omitempty"`
	Free  map[string]inner  `json:"free,omitempty"`
	Words map[string]string `json:"words,omitempty"`
	Raw   []byte            `json:"raw,omitempty"`
	When  time.Time         `json:"when,omitzero"`
	Any   any               `json:"any,omitempty"`
	Camel string            `json:"camelCase,omitempty"`
	Plain string
	Not   string `json:"-"`
	_     string
}

type form struct {
	Version int `json:"version"`
	inner
	Lists [][]inner `json:"lists,omitempty"`
}

func TestUnmarshal(t *testing.T) {
	for _, text := range []string{
		`{}`, `null`, " {\"version\" :\t1,\r\n\"name\":\"tim\"} ", `{"more":{"more":null},"list":[{},{"name":""}],"lists":[[{"count":65535}],[],null]}`,
		`{"free":{"Any Name":{"name":"x"},"any name":{}},"words":{"":"","\u202e":"x"},"any":{"What":[1,{"x":-0.5e1}],"what":true}}`,
		`{"raw":"AAE=","when":"2026-01-01T00:00:00Z","camelCase":"x","Plain":"y"}`,
		`{"name":"\ud83d\ude00 😀 \ufffd � \\ud800 \u0000 \" \/"}`, `{"n\u0061me":"x"}`, "{\"name\":\"\x7f\u202e\"}",
		strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth),
	} {
		var got, want any = new(form), new(form)
		if strings.HasPrefix(text, "[") {
			got, want = new(any), new(any)
		}
		if err := json.Unmarshal([]byte(text), want); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if err := Unmarshal([]byte(text), len(text), got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is read as %+v, %v", text, got, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, test := range []struct{ text, id, field string }{
		{`{"naim":"x"}`, Unknown, "naim"},
		{`{"Name":"x"}`, Unknown, "Name"},
		{`{"name":"x","NAME":"y"}`, Unknown, "NAME"},
		{`{"ﬁeld":1}`, Unknown, `"\ufb01eld"`},
		{`{"\u017fame":1}`, Unknown, `"\u017fame"`},
		{`{"_":"x"}`, Unknown, "_"},
		{`{"Not":"x"}`, Unknown, "Not"},
		{`{"-":"x"}`, Unknown, "-"},
		{`{"inner":{"name":"x"}}`, Unknown, "inner"},
		{`{"":1}`, Unknown, `""`},
		{`{"more":{"more":{"list":[{},{"Count":1}]}}}`, Unknown, "more.more.list[1].Count"},
		{`{"lists":[[],[{},{"x":1}]]}`, Unknown, "lists[1][1].x"},
		{`{"free":{"a b":{"x":1}}}`, Unknown, `free."a b".x`},
		{`{"` + strings.Repeat("x", 1000) + `":1}`, Unknown, strings.Repeat("x", maxName) + "…"},
		{`{"` + strings.Repeat("\u202e", 1000) + `":1}`, Unknown, `"\u202e\u202e\u202e\u202e\u202e\` + "…"},
		{`{"name":"x","name":"x"}`, Twice, "name"},
		{`{"name":"x","n\u0061me":"x"}`, Twice, "name"},
		{`{"words":{"a":"","b":"","a":""}}`, Twice, "words.a"},
		{`{"any":[{"a":{"b":1,"b":1}}]}`, Twice, "any[0].a.b"},
		{`{"name":"\ud83d"}`, Surrogate, "name"},
		{`{"name":"\uDE00\ud83d"}`, Surrogate, "name"},
		{`{"name":"\ud83d\ud83d\ude00"}`, Surrogate, "name"},
		{`{"name":"\ud83d \ude00"}`, Surrogate, "name"},
		{`{"name":"\ud83d\\ude00"}`, Surrogate, "name"},
		{`{"words":{"\udfff":""}}`, Surrogate, "words"},
		{"{\"name\":\"\xff\"}", NotUTF8, "name"},
		{"{\"name\":\"\xed\xa0\x80\"}", NotUTF8, "name"}, // a surrogate in UTF-8
		{"{\"name\":\"\xc0\x80\"}", NotUTF8, "name"},
		{"{\"name\":\"\xe2\x82\"}", NotUTF8, "name"},
		{"{\"any\":{\"\x80\":1}}", NotUTF8, "any"},
		{strings.Repeat("[", MaxDepth+1) + strings.Repeat("]", MaxDepth+1), TooDeep, cut(strings.Repeat("[0]", MaxDepth), maxPath)},
		{`{"any":` + strings.Repeat(`{"a":`, MaxDepth) + "1" + strings.Repeat("}", MaxDepth+1), TooDeep, "any" + strings.Repeat(".a", MaxDepth-1)},
		{``, Syntax, ""}, {` `, Syntax, ""}, {`{`, Syntax, ""}, {`{"name"`, Syntax, "name"}, {`{"name":`, Syntax, "name"}, {`{"name":"x`, Syntax, "name"},
		{`{"name":"x"`, Syntax, ""}, {`{"name":"x",}`, Syntax, ""}, {`{"name" "x"}`, Syntax, "name"}, {`{"list":[{},]}`, Syntax, "list[1]"},
		{`{"list":[{} {}]}`, Syntax, "list"}, {`{"list":[}`, Syntax, "list[0]"}, {`{name:"x"}`, Syntax, ""}, {`{"list":[{}}`, Syntax, "list"},
		{`{} {}`, Syntax, ""}, {`{}x`, Syntax, ""}, {"{}\x00", Syntax, ""}, {"\ufeff{}", Syntax, ""}, {`{"count":01}`, Syntax, ""}, {`{"count":1.}`, Syntax, ""},
		{`{"name":"\x"}`, Syntax, ""}, {"{\"name\":\"\n\"}", Syntax, ""}, {`{"name":tru}`, Syntax, ""}, {`{"name":'x'}`, Syntax, ""}, {`{"name":"\u00g0"}`, Syntax, ""},
		{`{"words":{"\x":""}}`, Syntax, "words"}, {`/* */{}`, Syntax, ""}, {`{"name":"x"}//`, Syntax, ""},
		{`{"version":"1"}`, Value, "version"},
		{`{"name":7}`, Value, "name"},
		{`{"count":65536}`, Value, "count"},
		{`{"count":-1}`, Value, "count"},
		{`{"list":[{},{"count":0.5}]}`, Value, "list[1].count"},
		{`{"list":{}}`, Value, "list"},
		{`{"more":[]}`, Value, "more"},
		{`{"free":{"a":[]}}`, Value, "free.a"},
		{`{"raw":"?"}`, Value, "raw"},
		{`{"when":"today"}`, Value, "when"},
		{`{"when":{"a":1}}`, Value, "when"},
		{`[]`, Value, ""},
		{`"x"`, Value, ""},
	} {
		err := Unmarshal([]byte(test.text), 1<<20, new(form))
		var bad *Error
		if !errors.As(err, &bad) || bad.ID != test.id || bad.Field != test.field {
			t.Errorf("%s: %v, want %s: %s", cut(test.text, 80), err, test.id, test.field)
		} else if bad.Offset < 0 || bad.Offset > int64(len(test.text)) {
			t.Errorf("%s: at octet %d", cut(test.text, 80), bad.Offset)
		}
	}
	var bad *Error
	if err := Unmarshal([]byte(`{"list":[{} {}]}`), 99, new(form)); err == nil || err.Error() != "syntax at octet 12: list: a comma or a bracket is missing" {
		t.Errorf("it says %v", err)
	}
	if err := Unmarshal([]byte(`{}`), 1, new(form)); !errors.As(err, &bad) || bad.ID != TooLong || bad.Error() != "too-long: more than 1 octets" {
		t.Errorf("two octets, one allowed: %v", err)
	}
}

// What stands in a message is short, whatever stood in the text.
func TestErrorsAreShort(t *testing.T) {
	for _, text := range []string{
		`{"count":` + strings.Repeat("9", 60000) + `}`, `{"when":"` + strings.Repeat("é", 30000) + `"}`,
		`{"free":{"` + strings.Repeat("y", 30000) + `":{"free":{"` + strings.Repeat("z", 30000) + `":{"x":1}}}}}`,
	} {
		if err := Unmarshal([]byte(text), 1<<16, new(form)); err == nil || len(err.Error()) > 350 {
			t.Errorf("%s: %v", cut(text, 40), err)
		}
	}
}

// hostile are texts of 64 KiB that make a careless reader work.
func hostile() map[string]string {
	const size = 1 << 16
	fill := func(head, part, tail string) string {
		n := (size - len(head) - len(tail)) / len(part)
		return head + strings.Repeat(part, n) + tail
	}
	names := `{"words":{"0":""`
	for n := 1; len(names) < size-20; n++ {
		names += `,"` + strings.Repeat("x", n%5) + string(rune('a'+n%26)) + strings.Repeat("y", n/26%7) + string(rune(0x4e00+n)) + `":""`
	}
	return map[string]string{
		"brackets":           strings.Repeat("[", size),
		"brackets, closed":   strings.Repeat("[", size/2) + strings.Repeat("]", size/2),
		"objects":            fill("", `{"a":`, ""),
		"objects, known":     fill("", `{"more":`, ""),
		"one long text":      fill(`{"name":"`, "x", `"}`),
		"one long name":      fill(`{"`, "x", `":1}`),
		"a long free name":   fill(`{"words":{"`, "x", `":1}}`),
		"escapes":            fill(`{"name":"`, `\ud83d\ude00`, `"}`),
		"backslashes":        fill(`{"name":"`, `\\`, `"}`),
		"quotes":             fill("", `"`, ""),
		"10,000 accounts":    `{"list":[{}` + strings.Repeat(`,{}`, 9999) + `]}`,
		"accounts":           fill(`{"list":[{}`, `,{"name":"","count":1}`, `]}`),
		"a bad last one":     fill(`{"list":[{}`, `,{"name":"","count":1}`, `,{"count":-1}]}`),
		"an unknown last":    fill(`{"list":[{}`, `,{"name":"","count":1}`, `,{"x":1}]}`),
		"lists":              fill(`{"lists":[[]`, `,[]`, `]}`),
		"free":               names + `}}`,
		"one name":           fill(`{"words":{"a":""`, `,"a":""`, `}}`),
		"digits":             fill(`{"version":`, "9", `}`),
		"white space":        fill("", " ", "{}"),
		"a long list of any": fill(`{"any":[0`, `,0`, `]}`),
	}
}

// Nothing takes longer than its length, or more memory.
func TestBounds(t *testing.T) {
	for name, text := range hostile() {
		if len(text) > 1<<16 {
			t.Fatalf("%s: %d octets", name, len(text))
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		Unmarshal([]byte(text), 1<<16, new(form))
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		if used := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 2*time.Second || used > 32 {
			t.Errorf("%s: %v, %d MiB", name, took, used)
		} else {
			t.Logf("%s: %v, %d MiB", name, took, used)
		}
	}
}
