package session

// What tests alone need.

// Back moves the cursor one frame back and reports whether it moved.
func (s *Session) Back() bool {
	at := s.at
	s.Jump(s.At() - 1)
	return s.at != at
}

// Forward moves the cursor one frame on, making it with a Step where there is
// none yet, and reports whether it moved.
func (s *Session) Forward() bool {
	if s.at == len(s.frames) && !s.Apply(Input{Kind: Step}) {
		return false
	}
	s.at++
	return true
}
