package trace

import (
	"errors"
	"unicode/utf8"

	"github.com/xdg-go/stringprep"
)

// ErrPrepare is returned, wrapped or not, for what RFC 4013 prohibits.
var ErrPrepare = errors.New("trace: not to be prepared (RFC 4013)")

// query is the library's profile without table A.1: a query string may hold
// code points that Unicode 3.2 does not assign (RFC 3454 §7).
var query = stringprep.Profile{
	Mappings:  stringprep.SASLprep.Mappings,
	Normalize: true,
	Prohibits: []stringprep.Set{
		stringprep.TableC1_2, stringprep.TableC2_1, stringprep.TableC2_2,
		stringprep.TableC3, stringprep.TableC4, stringprep.TableC5,
		stringprep.TableC6, stringprep.TableC7, stringprep.TableC8, stringprep.TableC9,
	},
	CheckBiDi: true,
}

// Prepare returns the SASLprep form (RFC 4013) of v as a query string, such
// as a name that the peer sent. It may be empty. The error is ErrPrepare, also
// for what is not UTF-8.
func (r *Recorder) Prepare(label string, v Value) (Value, error) { return r.prepare(label, v, query) }

// PrepareStored is Prepare for a string that will be stored: code points that
// are unassigned in Unicode 3.2 are refused.
func (r *Recorder) PrepareStored(label string, v Value) (Value, error) {
	return r.prepare(label, v, stringprep.SASLprep)
}

func (r *Recorder) prepare(label string, v Value, profile stringprep.Profile) (Value, error) {
	if !utf8.Valid(v.Octets) {
		return Value{}, ErrPrepare
	}
	out, err := profile.Prepare(string(v.Octets))
	if err != nil {
		return Value{}, ErrPrepare
	}
	if r == nil {
		return Value{Octets: []byte(out)}, nil
	}
	return r.note(Step{Op: Prepare, Label: label, In: []Value{v}, Out: Value{Octets: []byte(out)}}, nil), nil
}
