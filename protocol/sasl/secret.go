package sasl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// A Secret is a password in a set-up: text, or withheld (not the same as
// empty). Its JSON form is a string, or {"withheld":true}, with "as" where
// there are several.
type Secret struct {
	Text     string
	Withheld bool
	As       int // of those withheld: equal numbers, equal passwords; 0 to MaxAs
}

// MaxAs is the largest Secret.As that is read.
const MaxAs = 99

type withheld struct {
	Withheld bool `json:"withheld"`
	As       int  `json:"as,omitempty"`
}

// MarshalJSON writes the text, or that it is withheld; never both.
func (s Secret) MarshalJSON() ([]byte, error) {
	if s.Withheld {
		return json.Marshal(withheld{true, s.As})
	}
	return json.Marshal(s.Text)
}

// UnmarshalJSON reads those two forms and no other.
func (s *Secret) UnmarshalJSON(data []byte) error {
	if data = bytes.TrimSpace(data); len(data) > 0 && data[0] == '"' {
		*s = Secret{}
		return json.Unmarshal(data, &s.Text)
	}
	var w withheld
	var compact bytes.Buffer
	if err := json.Unmarshal(data, &w); err != nil {
		return fmt.Errorf("sasl: a secret: %w", err)
	}
	written := Secret{Withheld: w.Withheld, As: w.As}
	exact, err := written.MarshalJSON()
	if err == nil {
		err = json.Compact(&compact, data)
	}
	if err != nil || !w.Withheld || w.As < 0 || w.As > MaxAs || !bytes.Equal(compact.Bytes(), exact) {
		return errors.New(`sasl: a secret is a string or {"withheld":true}`)
	}
	*s = written
	return nil
}
