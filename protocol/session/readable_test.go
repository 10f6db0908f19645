package session_test

import (
	"encoding/hex"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/trace"
)

// readable writes frames as text, a line for each struct: its simple fields
// one after the other, what is nested below it, zeros left out. Of a state only
// the fields are written that the frame before has otherwise, of an operand only
// where it comes from (STEP:OFFSET+LENGTH), where it comes from a step.
func readable(frames []session.Frame) string {
	var b strings.Builder
	var before session.Frame
	for _, f := range frames {
		client, server := changed(f.ClientState, before.ClientState), changed(f.ServerState, before.ServerState)
		before = f
		f.ClientState, f.ServerState = session.Frame{}.ClientState, session.Frame{}.ServerState
		write(&b, "", "frame", reflect.ValueOf(f))
		for _, s := range []struct{ name, text string }{{"client", client}, {"server", server}} {
			if s.text != "" {
				fmt.Fprintf(&b, " %s is now%s\n", s.name, s.text)
			}
		}
	}
	return b.String()
}

// changed writes the fields of a state that another has otherwise, zeros too.
func changed(now, before any) string {
	a, b := reflect.ValueOf(now), reflect.ValueOf(before)
	var fields strings.Builder
	for i := range a.NumField() {
		if !a.Field(i).Equal(b.Field(i)) {
			fmt.Fprintf(&fields, " %s=%v", a.Type().Field(i).Name, a.Field(i))
		}
	}
	return fields.String()
}

// common is what an event of either machine has in it, whose fields are written
// as if they were its own.
var common = reflect.TypeFor[machine.Event]()

func write(b *strings.Builder, indent, name string, v reflect.Value) {
	if text, ok := simple(v); ok {
		fmt.Fprintf(b, "%s%s %s\n", indent, name, text)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		write(b, indent, name, v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			if in, ok := v.Index(i).Interface().(trace.Value); ok && in.Parts != nil {
				in.Octets = nil
				write(b, indent, name, reflect.ValueOf(in))
				continue
			}
			write(b, indent, name, v.Index(i))
		}
	case reflect.Struct:
		b.WriteString(indent + name)
		var nested []reflect.StructField
		for _, f := range reflect.VisibleFields(v.Type()) {
			field := v.FieldByIndex(f.Index)
			inside := len(f.Index) > 1 && v.Type().Field(f.Index[0]).Type != common // it is written with what it is inside
			if text, ok := simple(field); inside || f.Type == common || field.IsZero() {
				continue
			} else if ok {
				fmt.Fprintf(b, " %s=%s", strings.ToLower(f.Name), text)
			} else {
				nested = append(nested, f)
			}
		}
		b.WriteByte('\n')
		for _, f := range nested {
			write(b, indent+" ", strings.ToLower(f.Name), v.FieldByIndex(f.Index))
		}
	default:
		panic(fmt.Sprintf("%s is a %s", name, v.Type()))
	}
}

// simple is a value that fits into a line, as text.
func simple(v reflect.Value) (string, bool) {
	switch value := v.Interface().(type) {
	case []byte:
		return quoted(value), true
	case []server.Test:
		var text strings.Builder
		for _, rule := range value {
			fmt.Fprintf(&text, "[%s %d]", rule.ID, rule.Code)
		}
		return text.String(), true
	case trace.Value:
		var text strings.Builder
		if value.Octets != nil {
			text.WriteString(quoted(value.Octets))
		}
		for _, p := range value.Parts {
			fmt.Fprintf(&text, "<%d:%d+%d", p.Step, p.Offset, p.Length)
		}
		return text.String(), true
	}
	switch v.Kind() {
	case reflect.String:
		return plain(v.String()), true
	case reflect.Bool, reflect.Int, reflect.Int64, reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return fmt.Sprint(v.Interface()), true
	case reflect.Array:
		return fmt.Sprint(v.Interface()), true
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.String {
			return fmt.Sprintf("%q", v.Interface()), true
		}
	}
	return "", false
}

// plain quotes a text that is not one word.
func plain(s string) string {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return r == ' ' || r == '"' || !unicode.IsPrint(r) }) {
		return strconv.Quote(s)
	}
	return s
}

// quoted is text in quotes, and anything else in hexadecimal.
func quoted(octets []byte) string {
	text := string(octets)
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsPrint(r) && r != '\r' && r != '\n' && r != 0 && r != 1
	}) {
		return hex.EncodeToString(octets)
	}
	return strconv.Quote(text)
}
