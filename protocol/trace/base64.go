package trace

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"
)

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// A Base64Error says where a spelling breaks RFC 4648 §4 (octets from 0).
type Base64Error struct{ Offset int }

func (e *Base64Error) Error() string {
	return "trace: not base64 at octet " + strconv.Itoa(e.Offset)
}

// Base64 spells v in the alphabet of RFC 4648 §4, padded, in one line. N is
// the number of groups; Sub has the first 8 and the last 2.
func (r *Recorder) Base64(label string, v Value) Value {
	out := base64.StdEncoding.AppendEncode(make([]byte, 0, base64.StdEncoding.EncodedLen(len(v.Octets))), v.Octets)
	if r == nil {
		return Value{Octets: out}
	}
	s := Step{Op: Base64, Label: label, N: len(out) / 4, In: []Value{v}, Out: Value{Octets: out}}
	return r.note(s, func(_ int, out Value) { r.groups(v, out) })
}

// Unbase64 reads a spelling that Base64 could have made, and no other: RFC
// 4954 §4 wants anything outside the alphabet refused, CR and LF included,
// and padding in its place; we refuse non-zero trailing bits too (RFC 4648
// §3.5). The error is a *Base64Error. N and Sub are as for Base64.
func (r *Recorder) Unbase64(label string, v Value) (Value, error) {
	out, err := unbase64(v.Octets)
	if err != nil || r == nil {
		return Value{Octets: out}, err
	}
	s := Step{Op: Unbase64, Label: label, N: len(v.Octets) / 4, In: []Value{v}, Out: Value{Octets: out}}
	return r.note(s, func(_ int, out Value) { r.groups(out, v) }), nil
}

func unbase64(spelling []byte) ([]byte, error) {
	// encoding/base64 skips CR and LF, even in strict mode.
	if i := bytes.IndexAny(spelling, "\r\n"); i >= 0 {
		return nil, &Base64Error{i}
	}
	out, err := strict.AppendDecode(make([]byte, 0, len(spelling)/4*3), spelling)
	if err == nil {
		return out, nil
	}
	if corrupt := base64.CorruptInputError(0); errors.As(err, &corrupt) {
		return nil, &Base64Error{int(corrupt)}
	}
	return out, err
}

var strict = base64.StdEncoding.Strict()

// groups notes how octets and their spelling correspond.
func (r *Recorder) groups(octets, spelling Value) {
	n := len(spelling.Octets) / 4
	if n == 0 {
		return
	}
	noted := min(n, keepFirst+keepLast)
	r.steps = make([]Step, 0, noted)
	in := make([]Value, 0, 2*noted) // of all of them: one piece of memory instead of many
	all, parts := make([]byte, 0, 4*noted), make([]Part, 0, 2*noted)
	for i := range n {
		if i >= keepFirst && i < n-keepLast {
			continue
		}
		chars := spelling.cutInto(&parts, 4*i, 4*i+4)
		start := len(all)
		for _, c := range chars.Octets {
			if at := strings.IndexByte(alphabet, c); at >= 0 { // else it is "="
				all = append(all, byte(at))
			}
		}
		in = append(in, octets.cutInto(&parts, 3*i, min(3*i+3, len(octets.Octets))), Value{Octets: slices.Clip(all[start:])})
		r.note(Step{Op: Group, Label: "group", N: i + 1, In: slices.Clip(in[len(in)-2:]), Out: chars}, nil)
	}
}

// Hex spells v in lower-case hexadecimal digits.
func (r *Recorder) Hex(label string, v Value) Value {
	out := hex.AppendEncode(nil, v.Octets)
	if r == nil {
		return Value{Octets: out}
	}
	return r.note(Step{Op: Hex, Label: label, In: []Value{v}, Out: Value{Octets: out}}, nil)
}

func isLowerHex(digits []byte) bool {
	for _, d := range digits {
		if (d < '0' || d > '9') && (d < 'a' || d > 'f') {
			return false
		}
	}
	return true
}
