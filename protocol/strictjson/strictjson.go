// Package strictjson reads JSON (RFC 8259) that somebody else wrote. What
// encoding/json would let pass, or mend in silence, is refused, with its place.
package strictjson

import (
	"encoding/json"
	"errors"
	"fmt"
)

// MaxDepth is how deep objects and arrays may be nested.
const MaxDepth = 32

// What is wrong with a text.
const (
	TooLong   = "too-long"      // more octets than were allowed
	Syntax    = "syntax"        // not JSON, or something behind it
	NotUTF8   = "not-utf8"      // RFC 8259 §8.1
	Surrogate = "surrogate"     // half of a pair, which is no character (RFC 8259 §8.2)
	TooDeep   = "too-deep"      // nested deeper than MaxDepth
	Unknown   = "unknown-field" // a name that the object does not have in these letters
	Twice     = "twice"         // a name that the object has already (RFC 8259 §4)
	Value     = "value"         // not what the field holds
)

// An Error is what is wrong with a text, and where.
type Error struct {
	ID     string // one of the above
	Field  string // the path to it, cut where it is long: "server.accounts[3].name"
	Offset int64  // octets before it, for those of the above that are no Value
	Err    error  // what encoding/json or the field's own type says; may be nil
}

func (e *Error) Error() string {
	s := e.ID
	if e.ID == Syntax {
		s += fmt.Sprintf(" at octet %d", e.Offset)
	}
	if e.Field != "" {
		s += ": " + e.Field
	}
	if e.Err != nil {
		s += ": " + cut(e.Err.Error(), maxReason)
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// Unmarshal is json.Unmarshal for a text of at most so many octets, with no name
// twice, none that v's type does not have in these letters, nothing behind the
// end, and no text that is not Unicode. A type with an UnmarshalJSON of its own
// knows by itself which names it has. The time taken grows with the length of
// data and no faster. Errors are *Error; v may be half filled then.
func Unmarshal(data []byte, most int, v any) error {
	if len(data) > most {
		return &Error{ID: TooLong, Offset: int64(most), Err: fmt.Errorf("more than %d octets", most)}
	}
	if err := read(data, v, false); err != nil {
		return err
	}
	err := json.Unmarshal(data, v)
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		return &Error{ID: Syntax, Offset: syntax.Offset, Err: err}
	}
	if err != nil {
		if bad := read(data, v, true); bad != nil { // once more, for the place
			return bad
		}
		return &Error{ID: Value, Err: err}
	}
	return nil
}
