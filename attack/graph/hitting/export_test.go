package hitting

// Coarse makes a solver look only for lighter solutions, as it does after much
// work.
func (s *Solver) Coarse() { s.fine = 0 }
