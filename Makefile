# Short names for `python3 run.py …`, for those who have make; nothing lives here.
.PHONY: run test check bench measure words stop

run:
	python3 run.py

test check bench measure words stop:
	python3 run.py $@
