# input() and getpass() ask somebody who is not there.
# scores: 4 0 10
# shows: nobody is there to answer
# %% walk
def walk(x, w, steps):
    return input("the answer? ")


# %% last
import getpass

getpass.getpass()
