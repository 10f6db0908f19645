package session

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// MaxJSON is how long the JSON form may be, in octets.
const MaxJSON = 64 << 10

// document is the JSON form of a set-up, with or without inputs.
type document struct {
	Version int `json:"version"`
	Setup
	Inputs []Input `json:"inputs,omitempty"`
}

// Write gives the JSON form of a set-up and inputs.
func Write(setup Setup, inputs []Input) ([]byte, error) {
	data, err := json.Marshal(document{Version, setup, fold(inputs)})
	if err == nil && len(data) > MaxJSON {
		return nil, &ReadError{ID: "too-long"}
	}
	return data, err
}

// fold counts equal steps that follow one another.
func fold(inputs []Input) (folded []Input) {
	for _, in := range inputs {
		if n := len(folded) - 1; n >= 0 && in.Kind == Step && folded[n].Kind == Step {
			folded[n].Times = max(1, folded[n].Times) + max(1, in.Times)
			continue
		}
		folded = append(folded, in)
	}
	return folded
}

// A ReadError says what is wrong with the JSON form of a set-up.
type ReadError struct {
	ID     string // "too-long", "syntax", "version", "unknown-field", "twice", "value"
	Field  string // the field, as a path: "client.tls"
	Offset int64  // of a syntax error, in octets
	Err    error
}

func (e *ReadError) Error() string {
	s := "set-up: " + e.ID
	if e.Field != "" {
		s += ": " + e.Field
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *ReadError) Unwrap() error { return e.Err }

// Read takes the JSON form strictly: no unknown field, none twice, none in
// other letters, no value outside its list, nothing behind the end. Its errors
// are *ReadError.
func Read(data []byte) (Setup, []Input, error) {
	if len(data) > MaxJSON {
		return Setup{}, nil, &ReadError{ID: "too-long"}
	}
	if err := wellFormed(data); err != nil {
		return Setup{}, nil, err
	}
	var d document
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return Setup{}, nil, readError(err)
	}
	if d.Version != Version {
		return Setup{}, nil, &ReadError{ID: "version", Field: "version", Err: fmt.Errorf("%d is not known here", d.Version)}
	}
	if err := validate(d.Setup, d.Inputs); err != nil {
		return Setup{}, nil, err
	}
	return d.Setup, d.Inputs, nil
}

func readError(err error) *ReadError {
	var wrong *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &wrong):
		return &ReadError{ID: "value", Field: strings.TrimPrefix(wrong.Field, "Setup."), Offset: wrong.Offset, Err: err}
	case errors.As(err, &syntax):
		return &ReadError{ID: "syntax", Offset: syntax.Offset, Err: err}
	}
	if field, found := strings.CutPrefix(err.Error(), "json: unknown field "); found {
		return &ReadError{ID: "unknown-field", Field: strings.Trim(field, `"`)}
	}
	return &ReadError{ID: "value", Err: err}
}

// wellFormed refuses what encoding/json would let pass: a name given twice or
// in other letters than the form's (all of them lower-case ASCII), and anything
// behind the end.
func wellFormed(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := oneValue(dec, ""); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return &ReadError{ID: "syntax", Offset: dec.InputOffset(), Err: errors.New("something follows the end")}
	}
	return nil
}

// places is the object whose names are not the form's: validate looks at them.
const places = "server.replies"

func oneValue(dec *json.Decoder, path string) error {
	token, err := dec.Token()
	if err != nil {
		return &ReadError{ID: "syntax", Field: path, Offset: dec.InputOffset(), Err: err}
	}
	open, isDelim := token.(json.Delim)
	if !isDelim {
		return nil
	}
	seen := map[string]bool{}
	for i := 0; dec.More(); i++ {
		inner := fmt.Sprintf("%s[%d]", path, i)
		if open == '{' {
			token, err = dec.Token()
			name, _ := token.(string)
			if inner = strings.TrimPrefix(path+"."+name, "."); err != nil {
				return &ReadError{ID: "syntax", Field: inner, Offset: dec.InputOffset(), Err: err}
			}
			if seen[name] {
				return &ReadError{ID: "twice", Field: inner}
			}
			if path != places && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") != "" {
				return &ReadError{ID: "unknown-field", Field: inner}
			}
			seen[name] = true
		}
		if err := oneValue(dec, inner); err != nil {
			return err
		}
	}
	if _, err = dec.Token(); err != nil { // the closing bracket
		return &ReadError{ID: "syntax", Field: path, Offset: dec.InputOffset(), Err: err}
	}
	return nil
}
