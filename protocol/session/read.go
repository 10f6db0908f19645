package session

import (
	"encoding/json"
	"fmt"

	"example.org/smtpauth/protocol/strictjson"
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
		return nil, &ReadError{ID: strictjson.TooLong}
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
type ReadError = strictjson.Error

// Beside those of strictjson a ReadError has these IDs.
const (
	WrongVersion = "version" // of the form: it is not known here
	TooMuchWork  = "work"    // of all accounts together: see CheckWork
)

// Read takes the JSON form strictly: as strictjson does, and no value outside its
// list. Its errors are *ReadError.
func Read(data []byte) (Setup, []Input, error) {
	var d document
	if err := strictjson.Unmarshal(data, MaxJSON, &d); err != nil {
		return Setup{}, nil, err
	}
	if d.Version != Version {
		return Setup{}, nil, &ReadError{ID: WrongVersion, Field: "version", Err: fmt.Errorf("%d is not known here", d.Version)}
	}
	if err := validate(d.Setup, d.Inputs); err != nil {
		return Setup{}, nil, err
	}
	return d.Setup, d.Inputs, nil
}

// CheckWork refuses, with a *ReadError, a set-up whose accounts' verifiers would
// take more than MaxWork to make. Read does not: what reads a file of its own user
// may take its time, a page that follows a link may not.
func (s Setup) CheckWork() error {
	work := 0
	for _, a := range s.Server.Accounts {
		work += a.Work()
	}
	if work > MaxWork {
		return &ReadError{ID: TooMuchWork, Field: "server.accounts", Err: fmt.Errorf("%d iterations of PBKDF2, %d are allowed", work, MaxWork)}
	}
	return nil
}
