package server

import "example.org/smtpauth/protocol/machine"

// Trying tells of each test of a rule as it runs, until stop is called.
func Trying(tell func(rule machine.RuleID, code int)) (stop func()) {
	predicates := map[*Rule]func(*query) bool{}
	for _, rules := range tested {
		for _, r := range rules {
			if predicates[r] != nil {
				continue
			}
			when := r.When
			predicates[r] = when
			r.When = func(q *query) bool {
				tell(r.RuleID, r.Reply.Code)
				return when(q)
			}
		}
	}
	return func() {
		for r, when := range predicates {
			r.When = when
		}
	}
}
