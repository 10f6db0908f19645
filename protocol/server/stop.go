package server

import (
	"slices"

	"example.org/smtpauth/protocol/smtp"
)

// A Why is why whoever runs a server ends a session.
type Why string

const (
	Silent    Why = "silent"     // no whole line came in the time for one
	Overtime  Why = "overtime"   // the session took all the time there is for one
	Flooding  Why = "flooding"   // it sent more octets than a session may
	Crowded   Why = "crowded"    // there are as many sessions as are served
	GoingDown Why = "going-down" // so is the server
)

// stops holds what is said for each Why.
var stops = map[Why]outcome{
	Silent:    ends("SEQ-18", "RFC 5321 §4.5.3.2.7", 421, smtp.EnhancedCode{4, 4, 2}, "Idle for too long, closing"),
	Overtime:  ends("REP-11", "RFC 5321 §4.2.2", 421, smtp.EnhancedCode{4, 4, 2}, "Session took too long, closing"),
	Flooding:  ends("REP-11", "RFC 5321 §4.2.2", 421, smtp.EnhancedCode{4, 7, 0}, "Too much data, closing"),
	Crowded:   ends("REP-11", "RFC 5321 §4.2.2", 421, smtp.EnhancedCode{}, "Too many connections, try again later"),
	GoingDown: ends("REP-11", "RFC 5321 §4.2.2", 421, smtp.EnhancedCode{4, 3, 2}, "Service going down, closing"),
}

// Stop ends the session with 421 for a reason that lies outside of it. Where
// octets would belong to TLS nothing is said (IMP-02, TLS-04).
func (s *Server) Stop(why Why) []Event {
	s.tidy()
	o, known := stops[why]
	switch phase := s.state.Phase; {
	case phase == Closed || !known:
	case phase == Handshake || phase == Waiting && s.policy.Role == Submissions:
		s.end(OnStop)
	default:
		s.shut("stop", OnStop, o.RuleID, o.reply.Enhanced, o.reply.Lines[0])
	}
	if len(s.log) == 0 {
		return nil
	}
	return slices.Clip(s.log)
}
