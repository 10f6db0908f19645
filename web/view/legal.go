package view

import "example.org/smtpauth/protocol/server"

// A Command is one that the client might say now, and what would come of it.
type Command struct {
	Verb string
	Code int  // of the refusal; 0: it would be taken
	Rule Rule // behind it
}

// Commands are those that might be said after frame at, to a server of this
// policy; none where no command is awaited, or the server cannot be seen.
func (s *Story) Commands(at int, policy server.Policy) []Command {
	state := s.frames[at].ServerState
	var all []Command
	for _, o := range policy.Options(state) {
		c := Command{Verb: string(o.Verb)}
		if o.Refusal != nil {
			c.Code, c.Rule = o.Refusal.Reply.Code, ruleOf(o.Refusal.RuleID)
		}
		all = append(all, c)
	}
	return all
}
