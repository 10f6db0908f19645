package client

import (
	"flag"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"example.org/smtpauth/protocol/smtp"
)

// Each row of the tables counts how often it decided, in all tests of the
// package: this file is the last.
var rowsReached = map[string]*atomic.Int64{}

func init() {
	count := func(name string) *atomic.Int64 {
		n := new(atomic.Int64)
		rowsReached[name] = n
		return n
	}
	watch := func(name string, a *answer) {
		n, does := count(name), a.does
		a.does = func(c *Client, r smtp.Reply) {
			n.Add(1)
			does(c, r)
		}
	}
	for i := range answers {
		watch(fmt.Sprintf("answers, row %d in %v", i+1, answers[i].in), &answers[i])
	}
	for i := range oddAnswers {
		watch(fmt.Sprintf("oddAnswers, row %d in %v, %s", i+1, oddAnswers[i].in, oddAnswers[i].quirk), &oddAnswers[i].answer)
	}
	for name, rows := range map[string][]step{"greetedSteps": greetedSteps, "oddGreetedSteps": oddGreetedSteps, "steps": steps, "oddSteps": oddSteps} {
		for i := range rows {
			n, does := count(fmt.Sprintf("%s, row %d, %s", name, i+1, rows[i].quirk)), rows[i].does
			rows[i].does = func(c *Client) {
				n.Add(1)
				does(c)
			}
		}
	}
}

// The RFCs' way alone, without a quirk, has an answer to every reply in every
// phase that waits for one.
func TestEveryReplyIsAnswered(t *testing.T) {
	for _, phase := range Phases {
		waits := !slices.Contains([]Phase{Connecting, Handshake, Closed}, phase)
		last := slices.ContainsFunc(answers, func(a answer) bool { return a.when == nil && slices.Contains(a.in, phase) })
		if waits != last {
			t.Errorf("in %s a reply is awaited: %t, whatever it is it is answered: %t", phase, waits, last)
		}
	}
}

// No row is there for nothing.
func TestEveryRowIsReached(t *testing.T) {
	if run := flag.Lookup("test.run").Value.String(); run != "" {
		t.Skip("it counts what all tests reach: go test ./protocol/client")
	}
	for name, n := range rowsReached {
		if n.Load() == 0 {
			t.Errorf("%s: nothing reached it", name)
		}
	}
}
