package trace

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/xdg-go/stringprep"
)

// ErrPrepare says that RFC 4013 prohibits a string, or that it is not UTF-8.
var ErrPrepare = errors.New("trace: prohibited by RFC 4013")

// RFC 4013 §2 in the steps of RFC 3454 §2. A string that is stored may not
// hold code points that Unicode 3.2 leaves unassigned (table A.1), one that is
// asked for may (RFC 3454 §7).
var (
	mapped = stringprep.Profile{
		Mappings:  append([]stringprep.Mapping{softHyphen}, stringprep.SASLprep.Mappings...),
		Normalize: true,
	}
	query = stringprep.Profile{
		Prohibits: []stringprep.Set{
			stringprep.TableC1_2, stringprep.TableC2_1, stringprep.TableC2_2,
			stringprep.TableC3, stringprep.TableC4, stringprep.TableC5,
			stringprep.TableC6, stringprep.TableC7, stringprep.TableC8, stringprep.TableC9,
		},
		CheckBiDi: true,
	}
	stored = stringprep.Profile{
		Prohibits: append([]stringprep.Set{stringprep.TableA1}, query.Prohibits...),
		CheckBiDi: true,
	}
)

// traceProfile is that of RFC 4505 §3: nothing is mapped or normalized.
var traceProfile = stringprep.Profile{
	Prohibits: []stringprep.Set{
		stringprep.TableC2_1, stringprep.TableC2_2, stringprep.TableC3, stringprep.TableC4,
		stringprep.TableC5, stringprep.TableC6, stringprep.TableC8, stringprep.TableC9,
	},
	CheckBiDi: true,
}

// softHyphen is the one row of table B.1 that stringprep v1.0.4 lacks: U+1806,
// MONGOLIAN TODO SOFT HYPHEN, is mapped to nothing.
var softHyphen = stringprep.Mapping{0x1806: {}}

// Prepare returns the SASLprep form (RFC 4013) of v as a query string, such
// as a name that the peer sent. It may be empty. The error is ErrPrepare.
func (r *Recorder) Prepare(label string, v Value) (Value, error) { return r.prepare(label, v, query) }

// PrepareStored is Prepare for a string that will be stored.
func (r *Recorder) PrepareStored(label string, v Value) (Value, error) {
	return r.prepare(label, v, stored)
}

// PrepareTrace checks v by the trace profile of RFC 4505 §3, which changes
// nothing. The error is ErrPrepare.
func (r *Recorder) PrepareTrace(label string, v Value) (Value, error) {
	if !utf8.Valid(v.Octets) {
		return Value{}, ErrPrepare
	}
	if _, err := traceProfile.Prepare(v.String()); err != nil {
		return Value{}, ErrPrepare
	}
	if r == nil {
		return Value{Octets: v.Octets}, nil
	}
	return r.note(Step{Op: Prepare, Label: label, In: []Value{v}, Out: Value{Octets: v.Octets}}, nil), nil
}

func (r *Recorder) prepare(label string, v Value, allowed stringprep.Profile) (Value, error) {
	if !utf8.Valid(v.Octets) {
		return Value{}, ErrPrepare
	}
	text, err := normalize(string(v.Octets))
	if err == nil {
		text, err = allowed.Prepare(text)
	}
	if err != nil {
		return Value{}, ErrPrepare
	}
	out := Value{Octets: []byte(text)}
	if r == nil {
		return out, nil
	}
	return r.note(Step{Op: Prepare, Label: label, In: []Value{v}, Out: out}, nil), nil
}

// normalize maps and normalizes text as with Unicode 3.2. The library knows
// newer characters, which it would change; for Unicode 3.2 they have no
// decomposition and combine with nothing, so what is between them is
// normalized by itself.
func normalize(text string) (string, error) {
	var b strings.Builder
	for text != "" {
		n := strings.IndexFunc(text, stringprep.TableA1.Contains)
		if n < 0 {
			n = len(text)
		}
		known, err := mapped.Prepare(text[:n])
		if err != nil {
			return "", err
		}
		b.WriteString(known)
		_, size := utf8.DecodeRuneInString(text[n:])
		b.WriteString(text[n : n+size])
		text = text[n+size:]
	}
	return b.String(), nil
}
