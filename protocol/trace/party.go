package trace

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Everybody knows the constants of an algorithm. Somebody in the middle knows
// whatever a listener does.
const Everybody Party = Client | Server | Store | Wire

// parties are the words of a Party's JSON form, in the order of its bits.
var parties = [...]string{"client", "server", "store", "wire", "middle"}

// words lists who is in p.
func (p Party) words() []string {
	words := []string{}
	for i, word := range parties {
		if p&(1<<i) != 0 {
			words = append(words, word)
		}
	}
	return words
}

// String returns the words joined by "|", or "" for nobody.
func (p Party) String() string { return strings.Join(p.words(), "|") }

// MarshalJSON writes a list of words: ["client","wire"].
func (p Party) MarshalJSON() ([]byte, error) { return json.Marshal(p.words()) }

// UnmarshalJSON reads what MarshalJSON writes, in any order.
func (p *Party) UnmarshalJSON(data []byte) error {
	var words []string
	if err := json.Unmarshal(data, &words); err != nil {
		return err
	}
	if words == nil {
		return fmt.Errorf("trace: known is not a list")
	}
	var set Party
next:
	for _, word := range words {
		for i, known := range parties {
			if bit := Party(1 << i); word == known && set&bit == 0 {
				set |= bit
				continue next
			}
		}
		return fmt.Errorf("trace: party %q is unknown or named twice", word)
	}
	*p = set
	return nil
}

// withMiddle lets somebody in the middle know what whoever listens knows.
func (p Party) withMiddle() Party {
	if p&Wire != 0 {
		p |= Middle
	}
	return p
}

// peer is the other one of the two sides.
func (p Party) peer() Party {
	if p == Client {
		return Server
	}
	return Client
}
