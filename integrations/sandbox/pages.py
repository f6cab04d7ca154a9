from werkzeug.wrappers import Request, Response
def answer(world, request): return Response("x",404)
