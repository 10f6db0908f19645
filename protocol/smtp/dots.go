package smtp

// StuffDots returns what follows a 354 for this message: each CR, LF or CR LF
// as CR LF (DAT-07), one more dot before each line that starts with one
// (DAT-03), CR LF at the end if it was missing (DAT-05), and the line with the
// dot. For an empty message that is all (DAT-02).
func StuffDots(message []byte) []byte {
	var wire []byte
	start := true // of a line
	for i, c := range message {
		switch {
		case c == '\n' && i > 0 && message[i-1] == '\r':
			continue // went out with its CR
		case c == '\r' || c == '\n':
			wire, start = append(wire, "\r\n"...), true
			continue
		case c == '.' && start:
			wire = append(wire, '.')
		}
		wire, start = append(wire, c), false
	}
	if !start {
		wire = append(wire, "\r\n"...)
	}
	return append(wire, ".\r\n"...)
}

// UnstuffDot reads one line of a message, given without its CR LF: either the
// text of the line (DAT-04) or the end of the data (RFC 5321 §4.5.2).
func UnstuffDot(line []byte) (text []byte, end bool) {
	if len(line) == 0 || line[0] != '.' {
		return line, false
	}
	return line[1:], len(line) == 1
}
