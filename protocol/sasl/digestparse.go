package sasl

import (
	"bytes"
	"strings"

	"example.org/smtpauth/protocol/trace"
)

// A directive of RFC 2831 §7.1 is name=token or name="quoted string", where a
// backslash stands before an octet that is meant literally.
type directive struct {
	name     string // in lower case
	message  trace.Value
	from, to int // of the value in message, without its quotes
	quoted   bool
}

// directives takes a comma list apart: white space is free around commas and
// equals signs, elements may be empty, the order is free (DIG-03).
func directives(message trace.Value) (list []directive, ok bool) {
	p := message.Octets
	at := 0
	space := func() {
		for at < len(p) && (p[at] == ' ' || p[at] == '\t' || p[at] == '\r' || p[at] == '\n') {
			at++
		}
	}
	for {
		for space(); at < len(p) && p[at] == ','; space() {
			at++
		}
		if at == len(p) {
			return list, true
		}
		from := at
		for at < len(p) && isToken(p[at]) {
			at++
		}
		d := directive{name: strings.ToLower(string(p[from:at])), message: message}
		if space(); d.name == "" || at == len(p) || p[at] != '=' {
			return nil, false
		}
		at++
		space()
		if at, ok = d.value(at); !ok {
			return nil, false
		}
		if space(); at < len(p) && p[at] != ',' {
			return nil, false
		}
		list = append(list, d)
	}
}

// value finds the value that begins at an index and returns where it ends.
func (d *directive) value(at int) (end int, ok bool) {
	p := d.message.Octets
	if d.quoted = at < len(p) && p[at] == '"'; !d.quoted {
		d.from = at
		for at < len(p) && isToken(p[at]) {
			at++
		}
		d.to = at
		return at, d.to > d.from
	}
	d.from = at + 1
	for at++; at < len(p) && p[at] != '"'; at++ {
		if p[at] == '\\' {
			at++
		}
	}
	d.to = at
	return at + 1, at < len(p)
}

func isToken(b byte) bool {
	return b > ' ' && b < 0x7f && !strings.ContainsRune(`()<>@,;:\"/[]?={}`, rune(b))
}

// octets are the value as it is meant (DIG-05), without a step.
func (d directive) octets() string {
	text := string(d.message.Octets[d.from:d.to])
	if !d.quoted || !strings.Contains(text, `\`) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// cut takes the value out of its message.
func (d directive) cut(env *Env, label string) trace.Value {
	p := d.message.Octets[:d.to]
	if !d.quoted || bytes.IndexByte(p[d.from:], '\\') < 0 {
		return env.Trace.Cut(label, d.message, d.from, d.to)
	}
	var parts []trace.Value
	from := d.from
	for i := d.from; i < d.to; i++ {
		if p[i] == '\\' && i+1 < d.to {
			parts = append(parts, env.Trace.Cut("name-part", d.message, from, i))
			i++
			from = i
		}
	}
	return env.Trace.Concat(label, append(parts, env.Trace.Cut("name-part", d.message, from, d.to))...)
}

// quote writes v as a quoted string (DIG-05).
func quote(env *Env, v trace.Value) trace.Value {
	parts := []trace.Value{trace.Constant(`"`)}
	from := 0
	for i, b := range v.Octets {
		if b == '"' || b == '\\' {
			parts = append(parts, env.Trace.Cut("name-part", v, from, i), trace.Constant(`\`))
			from = i
		}
	}
	rest := v
	if from > 0 || len(parts) > 1 {
		rest = env.Trace.Cut("name-part", v, from, len(v.Octets))
	}
	return env.Trace.Concat("quoted", append(parts, rest, trace.Constant(`"`))...)
}

// A directiveSet counts directives by name.
type directiveSet map[string][]directive

func digestSet(message trace.Value, limit int) (directiveSet, bool) {
	list, ok := directives(message)
	if !ok || len(message.Octets) >= limit {
		return nil, false
	}
	set := directiveSet{}
	for _, d := range list {
		set[d.name] = append(set[d.name], d)
	}
	return set, true
}

// once reports whether each name is there exactly once, and atMost whether at
// most once.
func (s directiveSet) once(names ...string) bool {
	for _, n := range names {
		if len(s[n]) != 1 {
			return false
		}
	}
	return true
}

func (s directiveSet) atMost(names ...string) bool {
	for _, n := range names {
		if len(s[n]) > 1 {
			return false
		}
	}
	return true
}

// text is the value of a name that is there once, or a default.
func (s directiveSet) text(name, otherwise string) string {
	if len(s[name]) == 0 {
		return otherwise
	}
	return s[name][0].octets()
}
