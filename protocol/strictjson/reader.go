package strictjson

import (
	"cmp"
	"encoding"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A reader goes through a text as encoding/json would, and takes nothing. It
// follows brackets and strings and stops where it cannot; whether the rest is
// JSON, such as the digits of a number, it leaves to encoding/json.
type reader struct {
	data   []byte
	at     int
	decode bool // each value by itself, to find the one that its type does not take
	names  map[reflect.Type]map[string]reflect.Type

	steps [MaxDepth]step // to the value at hand
	depth int
}

func read(data []byte, v any, decode bool) error {
	r := &reader{data: data, decode: decode, names: map[reflect.Type]map[string]reflect.Type{}}
	if err := r.value(reflect.TypeOf(v)); err != nil {
		return err
	}
	if r.space(); r.at < len(r.data) {
		return r.syntax("something follows the end")
	}
	return nil
}

func (r *reader) error(id string, err error) error {
	return &Error{ID: id, Field: path(r.steps[:r.depth]), Offset: int64(r.at), Err: err}
}

func (r *reader) syntax(what string) error { return r.error(Syntax, errors.New(what)) }

const white = " \t\r\n"

func (r *reader) space() {
	for r.at < len(r.data) && strings.IndexByte(white, r.data[r.at]) >= 0 {
		r.at++
	}
}

// next passes white space, and c where it follows.
func (r *reader) next(c byte) bool {
	r.space()
	if r.at < len(r.data) && r.data[r.at] == c {
		r.at++
		return true
	}
	return false
}

// value passes a value for a type; nil: for any.
func (r *reader) value(t reflect.Type) (err error) {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	r.space()
	from := r.at
	var inside reflect.Type // t, where its values stand one by one in brackets
	switch {
	case r.next('{'):
		inside = within(t, reflect.Struct, reflect.Map)
		err = r.many('}', inside)
	case r.next('['):
		inside = within(t, reflect.Slice, reflect.Array)
		err = r.many(']', inside)
	case r.next('"'):
		_, err = r.text()
	default:
		for r.at < len(r.data) && strings.IndexByte(white+",:\"[]{}", r.data[r.at]) < 0 {
			r.at++
		}
		if r.at == from {
			err = r.syntax("a value is missing")
		}
	}
	if err == nil && r.decode && t != nil && inside == nil {
		if bad := json.Unmarshal(r.data[from:r.at], reflect.New(t).Interface()); bad != nil {
			err = r.error(Value, bad)
		}
	}
	return err
}

var ownForms = []reflect.Type{reflect.TypeFor[json.Unmarshaler](), reflect.TypeFor[encoding.TextUnmarshaler]()}

// within is t if it is of one of two kinds and has no form of its own.
func within(t reflect.Type, one, other reflect.Kind) reflect.Type {
	if t == nil || t.Kind() != one && t.Kind() != other {
		return nil
	}
	for _, own := range ownForms {
		if reflect.PointerTo(t).Implements(own) {
			return nil
		}
	}
	return t
}

// many passes what stands in brackets, up to the closing one: the members of an
// object or the values of an array, for a type or (nil) any.
func (r *reader) many(closing byte, t reflect.Type) error {
	if r.depth == MaxDepth {
		return r.error(TooDeep, nil)
	}
	if r.next(closing) {
		return nil
	}
	here, seen := &r.steps[r.depth], map[string]bool{}
	for i := 0; ; i++ {
		*here = step{index: i}
		var inner reflect.Type
		if closing == '}' {
			name, err := r.name()
			if err != nil {
				return err
			}
			*here = step{name, named}
		}
		r.depth++
		switch name := here.name; {
		case seen[name]:
			return r.error(Twice, nil)
		case closing == '}' && !r.next(':'):
			return r.syntax("a colon is missing")
		case t == nil:
		case t.Kind() != reflect.Struct:
			inner = t.Elem()
		default:
			var known bool
			if inner, known = r.namesOf(t)[name]; !known {
				return r.error(Unknown, nil)
			}
		}
		if closing == '}' {
			seen[here.name] = true
		}
		if err := r.value(inner); err != nil {
			return err
		}
		r.depth--
		if r.next(closing) {
			return nil
		}
		if !r.next(',') {
			return r.syntax("a comma or a bracket is missing")
		}
	}
}

// name passes the name of a member and returns it.
func (r *reader) name() (name string, err error) {
	if !r.next('"') {
		return "", r.syntax("a name is missing")
	}
	raw, err := r.text()
	if name = string(raw); err == nil && strings.IndexByte(name, '\\') >= 0 {
		if json.Unmarshal([]byte(`"`+name+`"`), &name) != nil {
			err = r.syntax("a name is no text")
		}
	}
	return name, err
}

// namesOf are those that encoding/json knows in an object for a struct, and the
// types of their values.
func (r *reader) namesOf(t reflect.Type) map[string]reflect.Type {
	all, made := r.names[t]
	if made {
		return all
	}
	all = map[string]reflect.Type{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
			maps.Copy(all, r.namesOf(f.Type))
		case f.IsExported() && name != "-":
			all[cmp.Or(name, f.Name)] = f.Type
		}
	}
	r.names[t] = all
	return all
}

// text passes a string whose first quote stands just before, and returns what
// stands between its quotes.
func (r *reader) text() ([]byte, error) {
	from := r.at
	for r.at < len(r.data) && r.data[r.at] != '"' {
		length := 1
		switch c := r.data[r.at]; {
		case c == '\\':
			length = 2
			if unit := r.unit(r.at); utf16.IsSurrogate(unit) {
				if length = 12; utf16.DecodeRune(unit, r.unit(r.at+6)) == utf8.RuneError {
					return nil, r.error(Surrogate, nil)
				}
			}
		case c >= utf8.RuneSelf:
			if _, length = utf8.DecodeRune(r.data[r.at:]); length == 1 {
				return nil, r.error(NotUTF8, nil)
			}
		}
		r.at += length
	}
	if r.at >= len(r.data) {
		return nil, r.syntax("a quote is missing")
	}
	r.at++
	return r.data[from : r.at-1], nil
}

// unit is the UTF-16 code unit that is written as \uXXXX; 0: none is.
func (r *reader) unit(at int) rune {
	if at+6 > len(r.data) || string(r.data[at:at+2]) != `\u` {
		return 0
	}
	n, _ := strconv.ParseUint(string(r.data[at+2:at+6]), 16, 16)
	return rune(n)
}
