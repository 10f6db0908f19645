package view

// Turn is the frame in which a session turned: that of the client's first
// fault, unless the message came through all the same, else the last.
func (s *Story) Turn() int {
	last := len(s.frames) - 1
	if last < 0 || s.frames[last].ClientState.Delivered {
		return last
	}
	for i := range s.frames {
		if s.frames[i].Fault() != nil {
			return i
		}
	}
	return last
}
