// Package view turns the frames of a session into what a page shows of them:
// lines cut into runs, checks with their differing letters marked, the cards of
// a computation. It decides what is shown; it holds no words and no elements.
// What is worded is given as an id of the catalog.
package view

import "example.org/smtpauth/protocol/session"

// Words is a sentence of the catalog: its id, and pairs of a placeholder and a
// value for it.
type Words struct {
	ID   string
	Args []any
}

// An ID among Args is put into words before it is put into the sentence.
type ID string

func say(id string, args ...any) Words { return Words{id, args} }

// Who is the id of a side's name.
func Who(s session.Side) ID { return ID("ui." + string(s)) }
